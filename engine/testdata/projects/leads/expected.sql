-- Whom each rule of this project takes, worked out from the raw file and from what the rules say, not from the engine.
-- Run it where leads/ lies. One row a group: members, those for whom it cannot be told, and how many of the members converted.
-- An empty cell is equal to no text, so == and `in` are false there; text functions and comparisons cannot tell.
WITH raw AS (
  SELECT * FROM read_csv('leads/Leads.csv', header = true, all_varchar = true)
), lead AS (
  SELECT "Converted"::INT AS converted,
    CASE "Lead Source" WHEN 'google' THEN 'Google' WHEN 'welearnblog_Home' THEN 'WeLearn' WHEN '' THEN NULL ELSE "Lead Source" END AS source,
    nullif("What is your current occupation", 'Select') AS occupation,
    nullif("Specialization", 'Select') AS subject,
    nullif("TotalVisits", '')::INT AS visits,
    "Total Time Spent on Website"::INT AS seconds,
    nullif("Page Views Per Visit", '')::DOUBLE AS pages,
    "Last Activity" AS activity, "Lead Quality" AS quality,
    nullif("Asymmetrique Activity Score", '')::INT AS score,
    "Lead Origin" = 'Lead Add Form' AS by_adviser, "Do Not Email" = 'Yes' AS no_mail,
    "Do Not Email" = 'Yes' OR "Do Not Call" = 'Yes' AS keep_away
  FROM raw
), labelled AS (
  SELECT *,
    CASE WHEN source IN ('Google', 'Organic Search', 'bing') THEN 'search' WHEN source = 'Direct Traffic' THEN 'direct'
      WHEN source IN ('Olark Chat', 'Live Chat') THEN 'chat' WHEN source IN ('Reference', 'Referral Sites', 'Welingak Website') THEN 'referral'
      ELSE 'other' END AS channel,
    CASE WHEN visits IS NULL THEN NULL WHEN visits = 0 THEN 'none' WHEN visits BETWEEN 1 AND 2 THEN 'little' WHEN visits BETWEEN 3 AND 6 THEN 'some' ELSE 'high' END AS interest
  FROM lead
), pointed AS (
  -- What is certain, and what an activity score that nobody has written down could still change: it counts twice, as no and as yes.
  SELECT *, 30.0 * (coalesce(occupation, '') IN ('Working Professional', 'Businessman'))::INT + 30.0 * by_adviser::INT
    + 25.0 * (seconds >= 600)::INT + 20.0 * (coalesce(activity, '') IN ('SMS Sent', 'Had a Phone Conversation'))::INT
    + CASE WHEN visits IS NULL THEN 2.5 WHEN visits > 1 THEN 5 ELSE 0 END - CASE WHEN no_mail THEN 15 ELSE 0 END
    + CASE WHEN score > 14 THEN 7.5 ELSE 0 END AS worst, worst + CASE WHEN score IS NULL THEN 7.5 ELSE 0 END AS best
  FROM labelled
), banded AS (
  SELECT *, CASE WHEN worst >= 50 THEN 'hot' WHEN best < 40 THEN 'cold' WHEN worst >= 40 AND best < 50 THEN 'warm' END AS band,
    CASE WHEN worst = best THEN worst END AS points
  FROM pointed
), verdict AS (
  SELECT converted, unnest([
    {g: 'converted', v: converted = 1},
    {g: 'from_google', v: source IS NOT DISTINCT FROM 'Google'},
    {g: 'source_unknown', v: source IS NULL},
    {g: 'recommended', v: source LIKE 'Refer%'},
    {g: 'working_professionals', v: occupation IS NOT DISTINCT FROM 'Working Professional'},
    {g: 'occupation_unknown', v: occupation IS NULL},
    {g: 'employed_or_in_business', v: coalesce(occupation, '') IN ('Working Professional', 'Businessman')},
    {g: 'managers', v: subject LIKE '%Management'},
    {g: 'frequent_visitors', v: visits > 4},
    {g: 'rare_visitors', v: visits < 5},
    {g: 'engaged', v: CASE WHEN seconds < 600 THEN false ELSE pages > 2 END},
    {g: 'reached_by_mail_or_text', v: coalesce(activity, '') IN ('Email Opened', 'SMS Sent', 'Email Link Clicked')},
    {g: 'active_by_score', v: score >= 15},
    {g: 'relevant', v: quality IS NOT DISTINCT FROM 'High in Relevance'},
    {g: 'leave_alone', v: keep_away},
    {g: 'call_first', v: CASE WHEN keep_away OR occupation IS DISTINCT FROM 'Working Professional' THEN false ELSE visits > 4 END},
    {g: 'channel/search', v: channel = 'search'}, {g: 'channel/direct', v: channel = 'direct'}, {g: 'channel/chat', v: channel = 'chat'},
    {g: 'channel/referral', v: channel = 'referral'}, {g: 'channel/other', v: channel = 'other'},
    {g: 'interest/none', v: interest = 'none'}, {g: 'interest/little', v: interest = 'little'},
    {g: 'interest/some', v: interest = 'some'}, {g: 'interest/high', v: interest = 'high'},
    {g: 'bant/hot', v: band = 'hot'}, {g: 'bant/warm', v: band = 'warm'}, {g: 'bant/cold', v: band = 'cold'},
    {g: 'close_call', v: CASE WHEN band <> 'warm' OR points < 45 THEN false WHEN band IS NULL OR points IS NULL THEN NULL ELSE true END},
    {g: 'worth_a_call', v: CASE WHEN keep_away OR band = 'cold' THEN false WHEN band IS NULL THEN NULL ELSE true END},
    {g: 'part/bant/budget', v: coalesce(occupation, '') IN ('Working Professional', 'Businessman')}, {g: 'part/bant/authority', v: by_adviser},
    {g: 'part/bant/need', v: seconds > 599}, {g: 'part/bant/timing', v: coalesce(activity, '') IN ('SMS Sent', 'Had a Phone Conversation')},
    {g: 'part/bant/returned', v: visits > 1}, {g: 'part/bant/active', v: score > 14}, {g: 'part/bant/distant', v: no_mail},
    {g: 'persona/priya', v: converted = 1 AND occupation IS NOT DISTINCT FROM 'Working Professional'},
    {g: 'rows/leads', v: true}
  ], recursive := true)
  FROM banded
), priya AS (
  SELECT * FROM labelled WHERE converted = 1 AND occupation IS NOT DISTINCT FROM 'Working Professional'
)
SELECT g AS "group", count(*) FILTER (v) AS members, count(*) - count(v) AS unknown,
  CASE WHEN g NOT LIKE 'rows/%' AND g NOT LIKE 'part/%' THEN coalesce(sum(converted) FILTER (v), 0) END AS value
FROM verdict GROUP BY g
-- What the persona says: members are those whom a number rests on, value is the number.
UNION ALL SELECT 'stat/priya/count()', count(*), 0, count(*) FROM priya
UNION ALL SELECT 'stat/priya/median(lead.seconds_on_site)', count(*), 0, quantile_cont(seconds, 0.5) FROM priya
UNION ALL SELECT 'stat/priya/share(segment.managers)', count(subject), count(*) - count(subject), count(*) FILTER (subject LIKE '%Management') / count(subject) FROM priya
UNION ALL SELECT 'stat/priya/share(segmentation.channel == ''search'')', count(*), 0, count(*) FILTER (channel = 'search') / count(*) FROM priya
UNION ALL SELECT 'stat/priya/share(segment.leave_alone)', count(*), 0, count(*) FILTER (keep_away) / count(*) FROM priya
UNION ALL SELECT 'stat/priya/share(segment.frequent_visitors)', count(visits), count(*) - count(visits), count(*) FILTER (visits > 4) / count(visits) FROM priya
-- How often each band converts: how many have a known outcome, and how many of them converted.
UNION ALL SELECT 'stat/bant/' || coalesce(band, 'unknown'), count(*), 0, sum(converted) FROM banded GROUP BY band
-- How many of all conversions are among those with 50 certain points and more.
UNION ALL SELECT 'stat/bant/from 50 points', count(*), 0, sum(converted) FROM banded WHERE points >= 50
ORDER BY 1
