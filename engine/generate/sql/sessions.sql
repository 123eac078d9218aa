-- sessions of one year: visits to the web shop and the app. Every order there ended one; the rest is looking around.
WITH visits AS (
    SELECT order_id * 10 + 1 AS session_id, customer_id, ok AS sk, style, night, follower, business, situation, age, moment AS ended, channel, true AS ended_in_order, false AS browser, 0 AS since
    FROM baskets WHERE year = getvariable('year') AND channel IN ('web', 'app')
    UNION ALL
    SELECT (id * 1000 + n) * 10 + getvariable('year') % 10, customer_id, child(k, 'session', n * 10 + getvariable('year') % 10), style, night, follower, business, situation, age, NULL, NULL, false, browser, greatest(year_end(getvariable('year') - 1), joined // 86400)
    FROM (SELECT *, unnest(range(least(200, floor((u(child(k, 'round', getvariable('year')), 'up')
              + 0.5 * CASE WHEN browser THEN 9 + 12 * u(k, 'looks') WHEN once THEN 3 * u(k, 'looks')
                WHEN last_at < 1704067200 THEN u(k, 'looks') * 1.2 ELSE (2 + orders * 0.3) * (0.4 + 1.2 * u(k, 'looks')) END)
          * CASE style WHEN 'researcher' THEN 3.4 WHEN 'hunter' THEN 1.4 WHEN 'impulsive' THEN 0.35 ELSE 0.8 END))::BIGINT)) AS n FROM people)
    WHERE joined // 86400 < year_end(getvariable('year'))
), timed AS (
    SELECT *, hour_of(CASE WHEN business THEN 4 WHEN night AND u(sk, 'at night') < 0.78 THEN 2
            WHEN situation IN ('young family', 'single parent') AND u(sk, 'after bedtime') < 0.6 THEN 3 ELSE 1 END, u(sk, 'visit hour')) * 3600 + floor(u(sk, 'visit second') * 3600)::BIGINT AS second,
        (CASE style WHEN 'impulsive' THEN 50 + 170 * u(sk, 'seconds') WHEN 'researcher' THEN 500 + 1900 * u(sk, 'seconds') ELSE 180 + 1000 * u(sk, 'seconds') END * CASE WHEN ended_in_order THEN 1.0 ELSE 0.6 END)::BIGINT AS seconds
    FROM visits
), dated AS (
    SELECT *, CASE WHEN ended_in_order THEN ended - seconds ELSE utc((since + floor(u(sk, 'visit day') * (year_end(getvariable('year')) - since))::BIGINT) * 86400 + second) END AS started
    FROM timed
)
SELECT session_id, customer_id, instant(started) AS started_at, seconds::INTEGER AS seconds,
    (2 + seconds // 55 + floor(u(sk, 'pages') * 4))::INTEGER AS pages,
    (1 + seconds // 110 + floor(u(sk, 'views') * 3))::INTEGER AS product_views,
    (CASE style WHEN 'researcher' THEN 3 + floor(u(sk, 'reviews') * 9) WHEN 'impulsive' THEN floor(u(sk, 'reviews') * 1.15) ELSE floor(pow(u(sk, 'reviews'), 2) * 4) END)::INTEGER AS reviews_read,
    (floor(u(sk, 'searches') * CASE style WHEN 'researcher' THEN 7 WHEN 'hunter' THEN 5 ELSE 3 END))::INTEGER AS searches,
    CASE WHEN channel = 'app' THEN 'phone' WHEN u(sk, 'device') < CASE WHEN age < 40 THEN 0.55 ELSE 0.25 END THEN 'phone' WHEN u(sk, 'device') > 0.88 THEN 'tablet' ELSE 'desktop' END AS device,
    CASE WHEN channel = 'app' THEN 'app' WHEN browser AND u(sk, 'source') < 0.8 THEN 'email' WHEN follower AND u(sk, 'source') < 0.55 THEN 'friend'
         WHEN style = 'hunter' AND u(sk, 'source') < 0.35 THEN pick(['email', 'price comparison'], sk, 'source b')
         ELSE pick(['direct', 'direct', 'search', 'search', 'search', 'social', 'email', 'ad', 'price comparison'], sk, 'source b') END AS source,
    ended_in_order
FROM dated
