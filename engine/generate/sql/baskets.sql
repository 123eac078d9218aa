-- Every order of the people in [lo, hi), with its lines in a list: what orders, items, sessions and reviews are
-- written from. An order is drawn three moments in its customer's time and takes the one that its season favours.
WITH numbered AS (
    SELECT * EXCLUDE (place), unnest(range(orders)) AS n FROM people WHERE orders > 0
), keyed AS (
    SELECT *, child(k, 'order', n) AS ok FROM numbered
), moments AS (
    SELECT *,
        (first_at + u(ok, 'a') * (last_at - first_at))::BIGINT // 86400 AS day_a,
        (first_at + u(ok, 'b') * (last_at - first_at))::BIGINT // 86400 AS day_b,
        (first_at + u(ok, 'c') * (last_at - first_at))::BIGINT // 86400 AS day_c,
        mover AND n <= 4 AND u(ok, 'because of the move') < 0.95 AS moving
    FROM keyed
), weighed AS (
    SELECT *,
        busy(interest, day_a) * u(ok, 'weight a') AS weight_a,
        busy(interest, day_b) * u(ok, 'weight b') AS weight_b,
        busy(interest, day_c) * u(ok, 'weight c') AS weight_c
    FROM moments
), dated AS (
    SELECT *,
        -- The first order is the day of joining, where that lies within the orders that are kept.
        CASE WHEN n = 0 AND joined >= 1640995200 THEN joined // 86400
             WHEN moving THEN least(20453, moved // 86400 - 20 + floor(u(ok, 'move') * 100)::BIGINT)
             WHEN weight_a >= weight_b AND weight_a >= weight_c THEN day_a
             WHEN weight_b >= weight_c THEN day_b ELSE day_c END AS day,
        CASE WHEN n = 0 AND joined >= 1640995200 THEN joined % 86400 + 420
             ELSE hour_of(CASE WHEN business THEN 4 WHEN night AND u(ok, 'at night') < 0.78 THEN 2
                  WHEN situation IN ('young family', 'single parent') AND u(ok, 'after bedtime') < 0.6 THEN 3 ELSE 1 END, u(ok, 'hour')) * 3600
                  + floor(u(ok, 'second') * 3600)::BIGINT END AS second
    FROM weighed
), placed AS (
    SELECT *, greatest(greatest(day, least(first_at // 86400, 20453)) * 86400 + least(second, 86399), least(first_at + 420, first_at // 86400 * 86400 + 86399)) AS local,
        CASE WHEN moving THEN 7 ELSE interest END AS theme
    FROM dated
), timed AS (
    SELECT *, utc(local) AS moment, year(DATE '1970-01-01' + (local // 86400)::INTEGER) AS year, month(DATE '1970-01-01' + (local // 86400)::INTEGER) AS month,
        CASE WHEN business THEN pick(['web', 'web', 'phone', 'phone', 'shop'], ok, 'way')
             WHEN age > 66 AND u(ok, 'traditional') < 0.5 THEN pick(['shop', 'shop', 'phone'], ok, 'way')
             WHEN night OR style = 'impulsive' THEN pick(['app', 'app', 'app', 'web', 'web', 'web', 'shop'], ok, 'way')
             WHEN age < 30 THEN pick(['app', 'app', 'app', 'web', 'web', 'shop'], ok, 'way')
             ELSE pick(['web', 'web', 'web', 'web', 'app', 'app', 'shop', 'shop'], ok, 'way') END AS way
    FROM placed
), routed AS (
    SELECT *,
        CASE WHEN way IN ('shop', 'phone') AND (second < 32400 OR second >= 68400) THEN 'web' ELSE way END AS channel,
        CASE WHEN giver AND month IN (11, 12) THEN 0.82 WHEN giver THEN 0.52 WHEN month = 12 THEN 0.20 ELSE 0.05 END > u(ok, 'gift') AND NOT business AS gift,
        least(6, 1 + floor(-ln(1 - u(ok, 'lines')) * CASE WHEN business THEN 2.2 WHEN style = 'impulsive' THEN 0.7 ELSE 1.15 END))::BIGINT AS line_count,
        -- Higher means dearer within a category.
        greatest(0.16, 0.72 * purse * CASE style WHEN 'premium' THEN 2.6 WHEN 'hunter' THEN 0.7 ELSE 1.0 END) AS reach,
        CASE style WHEN 'hunter' THEN 0.78 WHEN 'premium' THEN 0.04 ELSE 0.13 END + CASE WHEN month IN (1, 7, 11) THEN 0.10 ELSE 0.0 END AS bargain
    FROM timed
), filled AS (
    SELECT *,
        line_of(child(ok, 'line', 1), gift, theme, reach, business, bargain, year) AS l1,
        CASE WHEN line_count >= 2 THEN line_of(child(ok, 'line', 2), gift, theme, reach, business, bargain, year) ELSE 0 END AS l2,
        CASE WHEN line_count >= 3 THEN line_of(child(ok, 'line', 3), gift, theme, reach, business, bargain, year) ELSE 0 END AS l3,
        CASE WHEN line_count >= 4 THEN line_of(child(ok, 'line', 4), gift, theme, reach, business, bargain, year) ELSE 0 END AS l4,
        CASE WHEN line_count >= 5 THEN line_of(child(ok, 'line', 5), gift, theme, reach, business, bargain, year) ELSE 0 END AS l5,
        CASE WHEN line_count >= 6 THEN line_of(child(ok, 'line', 6), gift, theme, reach, business, bargain, year) ELSE 0 END AS l6
    FROM routed
)
SELECT customer_id, k, ok, id * 1000 + n AS order_id, n, local, moment, year, month, channel, gift, style, night, follower, business, mover, situation, age, store, u(ok, 'returned') <
        CASE style WHEN 'impulsive' THEN 0.19 WHEN 'researcher' THEN 0.03 ELSE 0.07 END * CASE WHEN channel = 'shop' THEN 0.4 ELSE 1.0 END AS returned,
    [l1, l2, l3, l4, l5, l6][1:line_count] AS lines,
    line_paid(l1) + line_paid(l2) + line_paid(l3) + line_paid(l4) + line_paid(l5) + line_paid(l6) AS paid,
    line_full(l1) + line_full(l2) + line_full(l3) + line_full(l4) + line_full(l5) + line_full(l6) AS full_price
FROM filled
