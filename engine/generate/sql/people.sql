-- Everybody, with what drives them: a row for each i in [lo, hi). The drives are not in any table; they show in
-- what people do. Rows past `customers` repeat a customer (exact duplicates) and, after those, lose their key.
--
-- Chances depend on the situation in life, so that age, family, income, home and behaviour hang together.
WITH ids AS (
    SELECT i, CASE WHEN i <= getvariable('customers') THEN i
        WHEN i <= getvariable('customers') + getvariable('duplicates') THEN (i - getvariable('customers')) * 1000 - 500
        ELSE 2000000000 + 1000 * (i - getvariable('customers') - getvariable('duplicates')) END AS id
    FROM range(getvariable('lo')::BIGINT, getvariable('hi')::BIGINT) r(i)
), keyed AS (
    SELECT i, id, hash(xor(hash(id), hash(getvariable('seed')::BIGINT))) AS k FROM ids
), placed AS (
    SELECT *, pick(getvariable('situations'), k, 'situation') AS s, pick(getvariable('places'), k, 'place') AS place,
        u(k, 'life') AS life, u(k, 'style') AS style_draw
    FROM keyed
), styled AS (
    SELECT i, id, k, s, place, s.name AS situation,
        life < 0.075 AS browser,
        life >= 0.075 AND life < 0.270 AS once,
        life >= 0.270 AND life < 0.315 AS lapsing,
        life >= 0.315 AND life < 0.375 AS champion,
        life >= 0.375 AND life < 0.425 AS fresh,
        u(k, 'business') < 0.022 AND s.name NOT IN ('student', 'retired') AND life >= 0.270 AS business,
        CASE WHEN style_draw < s.hunter THEN 'hunter'
             WHEN style_draw < s.hunter + s.researcher THEN 'researcher'
             WHEN style_draw < s.hunter + s.researcher + s.impulsive THEN 'impulsive'
             WHEN style_draw < s.hunter + s.researcher + s.impulsive + s.premium THEN 'premium'
             ELSE 'plain' END AS style,
        u(k, 'night') < s.night AS night,
        u(k, 'follower') < CASE s.name WHEN 'student' THEN 0.26 WHEN 'young single' THEN 0.18 WHEN 'young family' THEN 0.13 WHEN 'retired' THEN 0.05 ELSE 0.09 END AS follower,
        u(k, 'giver') < CASE s.name WHEN 'empty nest' THEN 0.18 WHEN 'retired' THEN 0.16 WHEN 'student' THEN 0.02 ELSE 0.08 END AS giver,
        u(k, 'mover') < CASE s.name WHEN 'young couple' THEN 0.14 WHEN 'young single' THEN 0.10 WHEN 'student' THEN 0.08 WHEN 'young family' THEN 0.09 WHEN 'retired' THEN 0.03 ELSE 0.04 END AS mover,
        (s.young + floor((s.old - s.young) * (0.7 * u(k, 'age') + 0.15 * (u(k, 'age b') + u(k, 'age c')))))::INTEGER AS age,
        u(k, 'interest') AS interest_draw
    FROM placed
), interested AS (
    SELECT *,
        CASE WHEN business THEN 'business'
             WHEN giver THEN 'gifts'
             WHEN style = 'premium' AND interest_draw < 0.75 THEN 'outdoor'
             WHEN situation IN ('young family', 'single parent') AND interest_draw < 0.72 THEN 'children'
             WHEN situation = 'school family' AND interest_draw < 0.30 THEN 'children'
             WHEN situation = 'retired' AND interest_draw < 0.62 THEN 'garden'
             WHEN situation = 'empty nest' AND interest_draw < 0.42 THEN 'garden'
             WHEN interest_draw < 0.22 THEN 'outdoor'
             WHEN interest_draw < 0.46 THEN 'home'
             WHEN interest_draw > 0.90 AND situation <> 'student' THEN 'garden'
             ELSE 'mixed' END AS interest,
        CASE WHEN follower AND u(k, 'came') < 0.75 THEN 'friend'
             ELSE pick(['store', 'store', 'store', 'search', 'search', 'search', 'search', 'search', 'social', 'social', 'social', 'email', 'marketplace', 'marketplace', 'friend'], k, 'channel') END AS came_by,
        -- Seconds since 1970, London clock, before daylight saving is taken out. New customers came in the last quarter of 2025,
        -- one-time buyers within the four years of orders, and those who have lapsed or stayed long before 2024.
        CASE WHEN fresh THEN 1759276800 + floor(u(k, 'joined') * 7776000)
             WHEN once THEN 1641081600 + floor(pow(u(k, 'joined'), 0.9) * 117000000)
             WHEN lapsing OR champion THEN 1546300800 + floor(u(k, 'joined') * 157766400)
             WHEN u(k, 'old') < 0.34 THEN 1514764800 + floor(u(k, 'joined') * 126230400)
             ELSE 1641081600 + floor(pow(u(k, 'joined'), 1.1) * 117600000) END::BIGINT // 86400 AS joined_day,
        hour_of(1, u(k, 'joined hour')) * 3600 + floor(u(k, 'joined second') * 3600)::BIGINT AS joined_second
    FROM styled
), spans AS (
    SELECT *, joined_day * 86400 + joined_second AS joined,
        -- Cohorts keep differently: those who came through social media or a marketplace, and in 2022, leave sooner.
        -ln(1 - u(k, 'stays')) * 2629800 / (CASE came_by WHEN 'friend' THEN 0.010 WHEN 'store' THEN 0.013 WHEN 'email' THEN 0.018 WHEN 'search' THEN 0.021 WHEN 'social' THEN 0.036 ELSE 0.032 END
            * CASE WHEN joined_day BETWEEN 18993 AND 19357 THEN 1.35 ELSE 1.0 END) AS stays,
        1733000000 + floor(u(k, 'moved') * 33500000)::BIGINT AS moved
    FROM interested
), paced AS (
    SELECT *, greatest(joined, 1640995200) AS first_at,
        CASE WHEN fresh OR champion THEN 1767225600
             WHEN lapsing THEN 1745000000 + floor(u(k, 'lapse') * 15500000)
             WHEN joined < 1640995200 AND u(k, 'dormant') < 0.80 THEN least(1767225600, 1640995200 + stays)
             ELSE least(1767225600, joined + stays) END::BIGINT AS last_at,
        exp(0.80 * z(k, 'pace')) * 3.0 * s.pace
            * CASE style WHEN 'hunter' THEN 1.15 WHEN 'impulsive' THEN 1.25 WHEN 'researcher' THEN 0.75 ELSE 1.0 END
            * CASE WHEN champion THEN 2.3 WHEN lapsing THEN 2.2 WHEN business THEN 1.8 WHEN fresh THEN 1.6 ELSE 1.0 END AS yearly
    FROM spans
)
SELECT i, id, k, customer_key(id) AS customer_id, situation, age, s.adults AS adults, s.kids AS kids, s.earns AS earns, place, place.store AS store, style, night, follower, giver, mover, business, browser, once, lapsing, champion, fresh,
    list_position(getvariable('interests'), interest) AS interest, came_by, joined, moved, first_at, last_at,
    -- What a basket is worth against the average: a long tail (Pareto, exponent 2.6), so that a fifth of customers brings most of the money.
    least(9.0, 0.62 * pow(1 - u(k, 'wealth'), -1 / 2.6)) * sqrt(s.earns) * sqrt(place.wealth) * CASE WHEN lapsing OR champion THEN 1.35 ELSE 1.0 END AS purse,
    CASE WHEN browser OR last_at <= first_at THEN 0
         WHEN once THEN 1
         WHEN fresh THEN 1 + floor(u(k, 'orders') * 2.2)::BIGINT
         ELSE least(400, greatest(1, floor(yearly * (last_at - first_at) / 31557600.0 + sqrt(yearly * (last_at - first_at) / 31557600.0) * z(k, 'orders') * 0.8 + u(k, 'rounding'))))::BIGINT
             + CASE WHEN mover THEN 4 ELSE 0 END END AS orders,
    pick([-6.0, -3.0, -1.5, 0.0, 0.0, 0.0, 1.5, 3.0, 6.0], k, 'taste') AS taste
FROM paced
