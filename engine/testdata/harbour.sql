-- Whom the rules of the example take, worked out from the raw files and in other words than the rules', for 1 January 2026.
-- Discounts add up as decimals: one customer is at 12 % to the last digit, and sums of doubles would let chance decide.
-- One row a group: its name, how many are in, and for how many nobody can tell.
WITH people AS (
    SELECT DISTINCT * FROM 'customers.parquet' WHERE customer_id IS NOT NULL
), paid AS (                                    -- refunds included
    SELECT * FROM 'orders/*.parquet'
    WHERE ordered_at < TIMESTAMPTZ '2026-01-01 00:00:00+00' AND customer_id IN (SELECT customer_id FROM people)
), bought AS (
    SELECT *, timezone('Europe/London', ordered_at) AS clock FROM paid WHERE total >= 0
), buyers AS (
    SELECT customer_id, count(*) AS n, max(ordered_at) AS last, max(clock)::DATE AS last_day, sum(discount_share::DECIMAL(9, 4)) AS discounts,
        sum((hour(clock) >= 22 OR hour(clock) < 4)::INT) AS late, sum(gift::INT) AS gifts, sum(returned::INT) AS back, sum((payment = 'invoice')::INT) AS billed,
        sum((channel = 'shop')::INT) AS carried, sum((channel = 'app')::INT) AS app, sum((channel = 'web')::INT) AS web, sum((channel = 'phone')::INT) AS called
    FROM bought GROUP BY ALL
), money AS (
    SELECT customer_id, sum(total) AS ever, coalesce(sum(total) FILTER (WHERE ordered_at > TIMESTAMPTZ '2025-01-01 00:00:00+00'), 0) AS year
    FROM paid GROUP BY ALL
), better AS (                                  -- how many are strictly better, by adding up how many have each value
    SELECT customer_id, by_last.above AS newer, by_n.above AS busier, by_ever.above AS richer
    FROM buyers JOIN money USING (customer_id)
        JOIN (SELECT last, sum(count(*)) OVER (ORDER BY last DESC) - count(*) AS above FROM buyers GROUP BY last) by_last USING (last)
        JOIN (SELECT n, sum(count(*)) OVER (ORDER BY n DESC) - count(*) AS above FROM buyers GROUP BY n) by_n USING (n)
        JOIN (SELECT ever, sum(count(*)) OVER (ORDER BY ever DESC) - count(*) AS above FROM money SEMI JOIN buyers USING (customer_id) GROUP BY ever) by_ever USING (ever)
), fifths AS (
    SELECT customer_id, 5 - 5 * newer // size AS r, 5 - 5 * busier // size AS f, 5 - 5 * richer // size AS m
    FROM better, (SELECT count(*) AS size FROM buyers)
), things AS (
    SELECT customer_id, count(*) AS lines, sum((category[1:6] = 'garden')::INT) AS garden, sum((category IN ('camping', 'hiking'))::INT) AS outdoor, avg(price) AS price,
        sum((category IN ('furniture', 'lighting', 'diy') AND ordered_at >= TIMESTAMPTZ '2025-01-01 00:00:00+00')::INT) AS furnishing
    FROM 'items/*.parquet' JOIN bought USING (order_id) GROUP BY ALL
), looks AS (
    SELECT customer_id, count(*) AS visits, sum(reviews_read) AS read, sum(ended_in_order::INT) AS ended, quantile_cont(CASE WHEN ended_in_order THEN seconds END, 0.5) AS seconds,
        sum((source = 'friend')::INT) AS sent
    FROM 'sessions/*.parquet' GROUP BY ALL
), friends AS (
    SELECT customer_id, count(*) AS told FROM 'touches.ndjson.gz' WHERE channel = 'friend' GROUP BY ALL
), said AS (
    SELECT "Customer" AS customer_id, "What matters most" AS most, "Interests" AS likes, "Risk aversion (5 = avoids risk)" AS avoids FROM read_csv('survey.csv', delim = ';', all_varchar = true)
), shops AS (
    SELECT * FROM read_csv('stores.csv', all_varchar = true)
), c AS (
    SELECT people.*, n, last_day, discounts, late, gifts, back, billed, carried, app, web, called, coalesce(year, 0) AS year, r, f, m,
        lines, garden, outdoor, price, furnishing, coalesce(visits, 0) AS visits, read, ended, seconds, sent, coalesce(told, 0) AS told, most, likes, avoids
    FROM people LEFT JOIN buyers USING (customer_id) LEFT JOIN money USING (customer_id) LEFT JOIN fifths USING (customer_id) LEFT JOIN things USING (customer_id)
        LEFT JOIN looks USING (customer_id) LEFT JOIN friends USING (customer_id) LEFT JOIN said USING (customer_id)
), steps AS (                                    -- the furthest of five steps, last first
    SELECT customer_id, CASE WHEN customer_id IN (SELECT customer_id FROM read_csv('reviews.csv', all_varchar = true, quote = '"') WHERE try_cast(rating AS INT) = 5 AND written_at < '2026') THEN 'recommends'
        WHEN n > 1 THEN 'back' WHEN n > 0 THEN 'bought' WHEN customer_id IN (SELECT customer_id FROM 'sessions/*.parquet') THEN 'looking'
        WHEN customer_id IN (SELECT customer_id FROM 'touches.ndjson.gz') THEN 'aware' ELSE 'nowhere' END AS step
    FROM people LEFT JOIN (SELECT customer_id, count(*) AS n FROM paid GROUP BY 1) USING (customer_id)
), lead AS (
    -- a budget that is no number counts twice: as none, and as the largest
    SELECT *, CASE role WHEN 'owner' THEN 25 WHEN 'director' THEN 25 WHEN 'buyer' THEN 15 ELSE 0 END
        + CASE need WHEN 'refit' THEN 25 WHEN 'new site' THEN 25 WHEN 'outdoor seating' THEN 25 WHEN 'staff gifts' THEN 10 ELSE 0 END
        + CASE timeline WHEN 'this month' THEN 20 WHEN 'this quarter' THEN 15 ELSE 0 END AS said,
        said + CASE WHEN try_cast(budget AS DOUBLE) > 10000 THEN 30 WHEN try_cast(budget AS DOUBLE) > 3000 THEN 15 ELSE 0 END AS worst,
        worst + CASE WHEN try_cast(budget AS DOUBLE) IS NULL THEN 30 ELSE 0 END AS best,
        CASE WHEN worst >= 70 THEN 'hot' WHEN best < 40 THEN 'cold' WHEN worst >= 40 AND best < 70 THEN 'warm' END AS heat
    FROM read_csv('leads.csv', all_varchar = true)
), visits AS (
    SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY started_at, session_id) AS nth, TIMESTAMPTZ '2026-01-01 00:00:00+00' - started_at AS ago
    FROM 'sessions/*.parquet' WHERE started_at <= TIMESTAMPTZ '2026-01-01 00:00:00+00' AND customer_id IN (SELECT customer_id FROM people)
), rhythm AS (                                  -- refunds are orders here
    SELECT customer_id, count(*) AS n, min(ordered_at) AS first, max(ordered_at) AS last, median(epoch_us(ordered_at) - epoch_us(previous)) / 86400e6 AS days_between,
        count(*) FILTER (WHERE ordered_at > TIMESTAMPTZ '2026-01-01 00:00:00+00' - INTERVAL 242 DAY AND ordered_at <= TIMESTAMPTZ '2026-01-01 00:00:00+00' - INTERVAL 60 DAY) AS between
    FROM (SELECT *, lag(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS previous FROM paid) GROUP BY ALL
), stage AS (
    SELECT CASE WHEN n IS NULL THEN 'browser' WHEN joined_at >= TIMESTAMPTZ '2025-10-03 00:00:00+00' THEN 'new' WHEN r >= 4 AND f = 5 AND m = 5 THEN 'champion'
        WHEN r >= 4 AND f >= 4 THEN 'loyal' WHEN r <= 3 AND m >= 4 THEN 'at_risk' WHEN r >= 4 THEN 'promising'
        WHEN last_day < DATE '2026-01-01' - 730 THEN 'lost' WHEN last_day < DATE '2026-01-01' - 365 THEN 'hibernating' ELSE 'cooling_down' END AS rung
    FROM c
), band AS (
    SELECT CASE WHEN year > 2000 THEN 'over_2000' WHEN year > 500 THEN 'over_500' WHEN year > 100 THEN 'over_100' WHEN year > 0 THEN 'under_100' ELSE 'nothing' END AS rung FROM c
), home AS (
    SELECT CASE WHEN children > 0 AND life_stage IN ('young family', 'single parent') THEN 'small_children' WHEN children > 0 THEN 'school_children'
        WHEN life_stage = 'student' THEN 'students' WHEN life_stage = 'retired' THEN 'retired' WHEN life_stage IN ('young couple', 'empty nest') THEN 'couples'
        WHEN life_stage IN ('young single', 'single adult') THEN 'singles' ELSE 'not_told' END AS rung
    FROM c
), way AS (
    SELECT CASE WHEN n IS NULL THEN 'never' WHEN 2 * app >= n THEN 'app' WHEN 2 * web >= n THEN 'web' WHEN 2 * carried >= n THEN 'shop' WHEN 2 * called >= n THEN 'telephone' ELSE 'here_and_there' END AS rung FROM c
)
SELECT 'lapsing_big_spenders' AS name, count(*) FILTER (WHERE year > 500 AND last_day < DATE '2026-01-01' - 60 AND NOT is_staff) AS members, 0 AS unknown FROM c
UNION ALL SELECT 'champions', count(*) FILTER (WHERE r >= 4 AND f = 5 AND m = 5), 0 FROM c
UNION ALL SELECT 'premium_outdoor', count(*) FILTER (WHERE lines >= 3 AND outdoor / lines >= 0.4 AND price >= 150), 0 FROM c
UNION ALL SELECT 'comfortable_households', count(*) FILTER (WHERE income > 60000 AND income <> 666666), count(*) FILTER (WHERE income IS NULL OR income = 666666) FROM c
UNION ALL SELECT 'price_hunters', count(*) FILTER (WHERE n >= 3 AND discounts > 0.12::DECIMAL(9, 2) * n), 0 FROM c
UNION ALL SELECT 'careful_researchers', count(*) FILTER (WHERE visits >= 5 AND read >= 4 * visits), 0 FROM c
UNION ALL SELECT 'impulsive_buyers', count(*) FILTER (WHERE ended >= 2 AND seconds < 240), 0 FROM c
UNION ALL SELECT 'night_shoppers', count(*) FILTER (WHERE n >= 3 AND 2 * late >= n), 0 FROM c
UNION ALL SELECT 'gift_givers', count(*) FILTER (WHERE n >= 3 AND gifts / n >= 0.4), 0 FROM c
UNION ALL SELECT 'frequent_returners', count(*) FILTER (WHERE n >= 4 AND 4 * back >= n), 0 FROM c
UNION ALL SELECT 'friend_followers', count(*) FILTER (WHERE (acquisition_channel = 'friend')::INT + (coalesce(4 * sent, 0) > visits)::INT + (told >= 2)::INT >= 2), 0 FROM c
UNION ALL SELECT 'shop_regulars', count(*) FILTER (WHERE n >= 3 AND carried / n >= 0.33), 0 FROM c
UNION ALL SELECT 'business_buyers', count(*) FILTER (WHERE 2 * billed > n), 0 FROM c
UNION ALL SELECT 'phone_orderers', count(DISTINCT customer_id), 0 FROM paid WHERE ordered_at > TIMESTAMPTZ '2025-01-01 00:00:00+00' AND channel = 'phone' AND total > 100
UNION ALL SELECT 'cafe_visitors', count(*), 0 FROM (SELECT customer_id FROM bought JOIN shops USING (store_id) WHERE cafe = 'yes' GROUP BY customer_id HAVING count(*) > 1)
UNION ALL SELECT 'neighbours', count(DISTINCT customer_id), 0 FROM paid JOIN shops USING (store_id) JOIN people USING (customer_id) WHERE home_store IS NULL AND people.region = shops.region
UNION ALL SELECT 'flagship_locals', count(*) FILTER (WHERE try_cast(floor_area AS DOUBLE) > 1800), count(*) FILTER (WHERE floor_area = 'n/a') FROM people JOIN shops ON store_id = home_store
UNION ALL SELECT 'kitted_out', count(DISTINCT customer_id), 0 FROM (SELECT customer_id FROM paid JOIN 'items/*.parquet' USING (order_id) WHERE category IN ('camping', 'hiking')
    GROUP BY customer_id, order_id HAVING count(*) > 2 AND sum(price * quantity) > 200)
UNION ALL SELECT 'new_customers', count(*) FILTER (WHERE joined_at >= TIMESTAMPTZ '2025-10-03 00:00:00+00'), 0 FROM c
UNION ALL SELECT 'one_time_buyers', count(*) FILTER (WHERE n = 1), 0 FROM c
UNION ALL SELECT 'newsletter_browsers', count(*) FILTER (WHERE newsletter AND n IS NULL AND visits >= 4), 0 FROM c
UNION ALL SELECT 'home_movers', count(*) FILTER (WHERE moved_on >= DATE '2024-12-01' AND furnishing >= 2), 0 FROM c
UNION ALL SELECT 'staff', count(*) FILTER (WHERE is_staff), 0 FROM c
UNION ALL SELECT 'young_families', count(*) FILTER (WHERE life_stage IN ('young family', 'single parent') AND children > 0), 0 FROM c
UNION ALL SELECT 'students', count(*) FILTER (WHERE life_stage = 'student'), 0 FROM c
UNION ALL SELECT 'retired_gardeners', count(*) FILTER (WHERE life_stage = 'retired' AND lines >= 3 AND garden / lines >= 0.4), 0 FROM c
UNION ALL SELECT 'student_campers', count(*) FILTER (WHERE life_stage = 'student' AND lines >= 3 AND 4 * outdoor >= lines), 0 FROM c
UNION ALL SELECT 'balcony_gardeners', count(*) FILTER (WHERE home_type = 'flat' AND lines >= 3 AND garden / lines >= 0.3), 0 FROM c
UNION ALL SELECT 'green_minded', count(*) FILTER (WHERE most = 'sustainability'), 0 FROM c
UNION ALL SELECT 'risk_averse', count(*) FILTER (WHERE try_cast(avoids AS INT) IN (4, 5)), 0 FROM c
UNION ALL SELECT 'gardening_friends', count(*) FILTER (WHERE ', ' || likes || ',' LIKE '%, gardening,%'), 0 FROM c
UNION ALL SELECT 'everywhere_buyers', count(*), 0 FROM (SELECT customer_id FROM paid WHERE ordered_at > TIMESTAMPTZ '2025-01-01 00:00:00+00' GROUP BY 1 HAVING count(DISTINCT channel) > 2)
UNION ALL SELECT 'call_first', count(*) FILTER (WHERE heat = 'hot' AND do_not_call = 'no' AND converted = '0'),
    count(*) FILTER (WHERE heat IS NULL AND do_not_call = 'no' AND converted = '0') FROM lead
UNION ALL SELECT 'weekly_visitors', count(*), 0 FROM (SELECT customer_id FROM visits WHERE ago < INTERVAL 56 DAY GROUP BY 1 HAVING count(DISTINCT floor(date_part('epoch', ago) / 604800)) >= 4)
UNION ALL SELECT 'stopped_ordering', count(*), 0 FROM rhythm WHERE n >= 3 AND last <= TIMESTAMPTZ '2026-01-01 00:00:00+00' - INTERVAL 182 DAY
UNION ALL SELECT 'started_again', count(*), 0 FROM rhythm WHERE last > TIMESTAMPTZ '2026-01-01 00:00:00+00' - INTERVAL 60 DAY AND between = 0 AND first <= TIMESTAMPTZ '2026-01-01 00:00:00+00' - INTERVAL 242 DAY
UNION ALL SELECT 'monthly_orderers', count(*), 0 FROM rhythm WHERE n >= 5 AND days_between <= 31
UNION ALL SELECT 'looked_returned_bought', count(DISTINCT customer_id), 0 FROM (SELECT *, bool_or(NOT ended_in_order) OVER before AS looked, bool_or(ended_in_order) OVER after AS bought FROM visits
        WINDOW before AS (PARTITION BY customer_id ORDER BY started_at RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING),
            after AS (PARTITION BY customer_id ORDER BY started_at RANGE BETWEEN INTERVAL 1 MICROSECOND FOLLOWING AND INTERVAL 7 DAY FOLLOWING))
    WHERE looked AND NOT ended_in_order AND reviews_read >= 3 AND bought
UNION ALL SELECT 'looked_and_left', count(*), 0 FROM (SELECT max(nth) FILTER (WHERE ago < INTERVAL 30 DAY AND reviews_read >= 3 AND NOT ended_in_order) AS looked, max(nth) FILTER (WHERE ended_in_order) AS bought
    FROM visits GROUP BY customer_id) WHERE looked > coalesce(bought, 0)
UNION ALL SELECT 'buyers', count(n), 0 FROM c
UNION ALL SELECT 'best_tenth', count(*) FILTER (WHERE 100 - 100 * richer // size > 90), 0
    FROM (SELECT rank() OVER (ORDER BY year DESC) - 1 AS richer, count(*) OVER () AS size FROM c)
UNION ALL SELECT 'regulars', count(*) FILTER (WHERE often > 5), 0 FROM (SELECT count(*) AS often FROM bought WHERE ordered_at > TIMESTAMPTZ '2025-01-01 00:00:00+00' GROUP BY customer_id)
UNION ALL SELECT 'no_spring_mail', count(*) FILTER (WHERE ('0x' || left(md5('spring mail 2026:' || customer_id), 8))::BIGINT < 0.1 * 4294967296), 0 FROM people
UNION ALL SELECT 'lifecycle/' || rung, count(*), 0 FROM stage GROUP BY rung
UNION ALL SELECT 'value_band/' || rung, count(*), 0 FROM band GROUP BY rung
UNION ALL SELECT 'household/' || rung, count(*), 0 FROM home GROUP BY rung
UNION ALL SELECT 'way_to_buy/' || rung, count(*), 0 FROM way GROUP BY rung
UNION ALL SELECT 'bant/' || heat, count(*), (SELECT count(*) FROM lead WHERE heat IS NULL) FROM lead WHERE heat IS NOT NULL GROUP BY 1
UNION ALL SELECT 'purchase/' || step, count(*), 0 FROM steps GROUP BY step
UNION ALL SELECT 'export/call_list', count(*) FILTER (WHERE heat IN ('hot', 'warm') AND converted = '0'),
    count(*) FILTER (WHERE heat IS NULL AND converted = '0') FROM lead
UNION ALL SELECT 'export/call_list, may be called', count(*) FILTER (WHERE heat IN ('hot', 'warm') AND converted = '0' AND do_not_call = 'no'), 0 FROM lead
