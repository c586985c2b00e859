--+ title: Who did what at an event
--+ description: Each part in an event that occurred, with its words; readings that the curator doubts are left out.
SELECT
  p.event_name AS event, p.actor_name AS actor, p.part, p.reporter, p.basis, p.certainty, p.quote, p.participation
FROM participations AS p
WHERE p.event_status = 'occurred' AND p.certainty <> 'doubtful'
ORDER BY p.event_name, p.part, p.actor_name, p.participation
