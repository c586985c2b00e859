--+ title: Who was silent or absent
--+ description: Of whom somebody says that he kept silent, was not there or took no definite position. Who is not in this list is not therefore said to have spoken.
SELECT
  p.event_name AS event, p.status_by_teller AS event_status, p.actor_name AS actor, p.part, p.told_by, p.certainty, p.quote, p.participation
FROM participations AS p
WHERE p.part IN ('was silent', 'was absent', 'took no definite position')
ORDER BY p.event_name, p.part, p.actor_name, p.participation
