--+ title: Who took which position
--+ description: Each position with its issue, reporter, basis and words; readings that the curator doubts are left out.
SELECT
  p.holder_name AS holder, p.stance, p.issue_name AS issue, p.content, p.reporter, p.basis, p.hedge, p.certainty, p.quote,
  p.event_name AS event, t.title AS telegram, p.position
FROM positions AS p LEFT JOIN telegrams AS t ON t.telegram = p.telegram
WHERE p.certainty <> 'doubtful'
ORDER BY p.issue_name, p.holder_name, p.position
