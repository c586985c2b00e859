--+ title: Who took which position
--+ description: Each position with its issue, speaker, basis and words. What is only ascribed, proposed or one possible reading is in the view what_is_not_asserted.
SELECT
  p.holder_name AS holder, p.stance, p.issue_name AS issue, p.content, p.speaker, p.basis, p.hedge, p.certainty, p.quote,
  p.event_name AS event, t.title AS telegram, p.position
FROM positions AS p LEFT JOIN telegrams AS t ON t.telegram = p.telegram
ORDER BY p.issue_name, p.holder_name, p.position
