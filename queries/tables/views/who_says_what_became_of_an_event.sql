--+ title: Who says what became of an event
--+ description: Each event with every status that somebody gives it, the ones told on the speaker's own account first.
SELECT
  s.event_name AS event, s.status, s.told_by, s.own_account, s.hedge, s.certainty, s.quote, s.fact
FROM event_statuses AS s
ORDER BY s.event_name, s.own_account DESC, s.status, s.fact
