--+ title: Who was silent or absent
--+ description: Of whom a source says that he kept silent, was not there or took no definite position. Who is not in this list is not therefore said to have spoken.
SELECT
  p.event_name AS event, p.actor_name AS actor, p.part, p.reporter, p.certainty, p.quote, p.participation
FROM participations AS p
WHERE p.part IN ('was silent', 'was absent', 'took no definite position') AND p.certainty <> 'doubtful'
ORDER BY p.event_name, p.part, p.actor_name, p.participation
