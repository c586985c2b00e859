--+ title: Documents known only by reference
--+ description: Documents whose text is not here, the most mentioned first, with what they are called and where.
SELECT d.title, d.kind, d.author, d.addressee, d.date_as_written, d.mentions, d.called, d.mentioned_in, d.document
FROM documents AS d
WHERE d.holding = 'not held'
ORDER BY d.mentions DESC, d.title, d.document
