-- touches: what reached people in 2025 by mail, social media, search, in a shop, or through a friend (whose key it names); gzipped NDJSON.
WITH counted AS (
    SELECT customer_id, k, id, style, night, follower, browser, lapsing, joined, last_at,
        CASE WHEN browser THEN 0.8 ELSE CASE style WHEN 'hunter' THEN 0.72 WHEN 'impulsive' THEN 0.5 ELSE 0.42 END END > u(k, 'newsletter') OR browser AS mailed,
        greatest(20089, joined // 86400) AS since
    FROM people WHERE joined // 86400 < 20450
), touched AS (
    SELECT *, unnest(range(CASE WHEN mailed THEN 2 + floor(u(k, 'mails') * 4) ELSE floor(u(k, 'mails') * 2) END::BIGINT + CASE WHEN follower THEN 2 ELSE 0 END)) AS n FROM counted
), drawn AS (
    SELECT *, child(k, 'touch', n) AS tk FROM touched
), sent AS (
    SELECT *, CASE WHEN follower AND u(tk, 'friend') < 0.55 THEN 'friend' WHEN mailed AND u(tk, 'by mail') < 0.8 THEN 'email'
        ELSE pick(['social', 'social', 'search', 'search', 'search', 'shop', 'shop', 'friend'], tk, 'way') END AS channel,
        (since + floor(u(tk, 'day') * (20454 - since))::BIGINT) * 86400 + 25200 + floor(u(tk, 'second') * 50000)::BIGINT AS local
    FROM drawn
)
SELECT id * 100 + n AS touch_id, customer_id, iso(utc(local)) AS touched_at, channel,
    CASE channel WHEN 'friend' THEN 'bring a friend' WHEN 'email' THEN CASE month(day(local)) WHEN 1 THEN 'winter sale' WHEN 2 THEN 'winter sale' WHEN 3 THEN 'spring garden' WHEN 4 THEN 'spring garden' WHEN 5 THEN 'spring garden'
        WHEN 6 THEN 'outdoors' WHEN 7 THEN 'summer sale' WHEN 8 THEN 'summer sale' WHEN 9 THEN 'back home' WHEN 10 THEN 'back home' WHEN 11 THEN 'black friday' ELSE 'gifts' END
        WHEN 'shop' THEN 'shop event' WHEN 'social' THEN 'stories' ELSE 'brand search' END AS campaign,
    u(tk, 'opened') < CASE WHEN browser THEN 0.75 WHEN lapsing THEN 0.12 WHEN channel = 'email' THEN 0.34 ELSE 0.6 END AS opened,
    u(tk, 'opened') < CASE WHEN browser THEN 0.40 WHEN lapsing THEN 0.02 WHEN channel = 'email' THEN 0.09 ELSE 0.25 END AS clicked,
    CASE WHEN channel = 'friend' THEN customer_key(1 + floor(u(tk, 'who') * getvariable('customers'))::BIGINT) END AS friend_id
FROM sent
