--+ title: What no passage asserts
--+ description: Each possible reading that is not adopted, each claim that somebody ascribes to another, each text that somebody proposes, in a sentence and with its words. Nobody in it is said to hold it.
SELECT
  CASE u.standing
    WHEN 'reading' THEN 'A possible reading, not adopted' || coalesce('; it would be that of ' || u.would_be_holder, '')
    WHEN 'ascribed' THEN 'Ascribed' || coalesce(' by ' || u."by", '') || ' to ' || u.would_be_holder
    ELSE 'Proposed by ' || u."by" || ' for ' || u.would_be_holder || ' to say'
  END AS standing, u.would_be, u.content, u.certainty, u.voice, u.quote, u.unasserted
FROM unasserted AS u
ORDER BY u.standing, u.unasserted
