--+ title: The words behind each statement
--+ description: Each quoted piece with its place, its voice and what rests on it.
SELECT
  t.title AS telegram, a.voice, a.ordinal AS paragraph, e.quote, e."start", e."end", s.kind, coalesce(s.content, s.as_written, s.value) AS says,
  s.certainty, s.statement
FROM evidence AS e
JOIN statements AS s ON s.statement = e.statement
JOIN passages AS a ON a.passage = e.passage
JOIN telegrams AS t ON t.telegram = a.telegram
ORDER BY t.telegram, e."start", e."end", e.anchor
