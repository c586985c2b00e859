--+ title: Who did what at an event
--+ description: Each part in an event of which the one who tells it says that it occurred or is going on, with its words.
SELECT
  p.event_name AS event, p.actor_name AS actor, p.part, p.told_by, p.basis, p.certainty, p.quote, p.participation
FROM participations AS p
WHERE '; ' || p.status_by_teller || '; ' LIKE '%; occurred; %' OR '; ' || p.status_by_teller || '; ' LIKE '%; ongoing; %'
ORDER BY p.event_name, p.part, p.actor_name, p.participation
