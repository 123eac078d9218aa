-- Whom the recipes of rules/README.md take, worked out from the raw files of the example and in other words, for 1 January 2026.
-- One row a recipe: what its line says, and how many are in.
WITH people AS (
    SELECT DISTINCT customer_id FROM 'customers.parquet' WHERE customer_id IS NOT NULL
), o AS (
    SELECT *, TIMESTAMPTZ '2026-01-01 00:00:00+00' - ordered_at AS ago, epoch_us(TIMESTAMPTZ '2026-01-01 00:00:00+00') - epoch_us(ordered_at) AS us,
        row_number() OVER w AS nth, epoch_us(ordered_at) - lag(epoch_us(ordered_at)) OVER w AS gap
    FROM 'orders/*.parquet' SEMI JOIN people USING (customer_id)
    WHERE ordered_at <= TIMESTAMPTZ '2026-01-01 00:00:00+00'
    WINDOW w AS (PARTITION BY customer_id ORDER BY ordered_at, order_id)
), v AS (
    SELECT *, epoch_us(TIMESTAMPTZ '2026-01-01 00:00:00+00') - epoch_us(started_at) AS us, row_number() OVER (PARTITION BY customer_id ORDER BY started_at, session_id) AS nth
    FROM 'sessions/*.parquet' SEMI JOIN people USING (customer_id)
    WHERE started_at <= TIMESTAMPTZ '2026-01-01 00:00:00+00'
), bought AS (
    SELECT customer_id, count(*) AS n, max(nth) AS last, sum((returned)::INT) AS back, sum(gift::INT) AS gifts, count(DISTINCT channel) AS channels,
        count(gap) AS gaps, quantile_cont(gap, 0.5) AS middle, max(gap) AS longest,
        sum((us < 30 * 86400e6)::INT) AS in30, sum((us < 90 * 86400e6)::INT) AS in90, sum((us < 180 * 86400e6)::INT) AS in180, sum((us < 210 * 86400e6)::INT) AS in210,
        sum((us < 365 * 86400e6 AND us >= 182 * 86400e6)::INT) AS half_a_year_ago,
        sum((hour(timezone('Europe/London', ordered_at)) IN (22, 23, 0, 1, 2, 3, 4))::INT) AS late
    FROM o GROUP BY ALL
), ways AS (
    SELECT customer_id, first(channel ORDER BY times DESC, channel) AS most FROM (SELECT customer_id, channel, count(*) AS times FROM o GROUP BY ALL) GROUP BY ALL
), came AS (
    SELECT customer_id, count(*) AS n, sum((isodow(timezone('Europe/London', started_at)) < 6)::INT) AS working_days,
        count(DISTINCT us // (7 * 86400000000)) FILTER (us < 56 * 86400e6) AS weeks,
        max(nth) FILTER (ended_in_order) AS ended, max(nth) FILTER (NOT ended_in_order) AS looked
    FROM v GROUP BY ALL
), followed AS (
    SELECT DISTINCT a.customer_id FROM v a JOIN v b ON a.customer_id = b.customer_id AND b.nth > a.nth AND b.started_at <= a.started_at + INTERVAL 24 HOUR
    WHERE NOT a.ended_in_order AND b.ended_in_order
), c AS (
    SELECT people.customer_id, b.*, coalesce(b.n, 0) AS orders, most, came.n AS visits, working_days, coalesce(weeks, 0) AS weeks, ended, looked,
        (SELECT channel FROM o WHERE o.customer_id = people.customer_id AND o.nth = b.last) AS latest
    FROM people LEFT JOIN bought b ON b.customer_id = people.customer_id LEFT JOIN ways ON ways.customer_id = people.customer_id LEFT JOIN came ON came.customer_id = people.customer_id
)
SELECT unnest([
    {'recipe': 'at least three orders in 90 days', 'members': count(*) FILTER (in90 >= 3)},
    {'recipe': 'never returned anything', 'members': count(*) FILTER (coalesce(back, 0) = 0)},
    {'recipe': 'ordered between a year and half a year ago', 'members': count(*) FILTER (half_a_year_ago > 0)},
    {'recipe': 'ordered for the first time in the last 30 days', 'members': count(*) FILTER (orders > 0 AND in30 = orders)},
    {'recipe': 'visited in 6 of the last 8 weeks', 'members': count(*) FILTER (weeks >= 6)},
    {'recipe': 'stopped: used to order, not in 180 days', 'members': count(*) FILTER (orders - in180 >= 3 AND in180 = 0)},
    {'recipe': 'started again: half a year of silence, then an order in 30 days', 'members': count(*) FILTER (orders > in210 AND in210 = in30 AND in30 > 0)},
    {'recipe': 'whose latest order was by phone', 'members': count(*) FILTER (latest = 'phone')},
    {'recipe': 'most often by app', 'members': count(*) FILTER (most = 'app')},
    {'recipe': 'used three channels', 'members': count(*) FILTER (channels >= 3)},
    {'recipe': 'usually orders every month', 'members': count(*) FILTER (gaps >= 3 AND middle <= 31 * 86400e6)},
    {'recipe': 'once waited a year between two orders', 'members': count(*) FILTER (longest > 365 * 86400e6)},
    {'recipe': 'half of the orders at night', 'members': count(*) FILTER (orders > 0 AND late * 2 >= orders)},
    {'recipe': 'visits at weekends only', 'members': count(*) FILTER (visits > 0 AND working_days = 0)},
    {'recipe': 'visited, then ordered within a day', 'members': (SELECT count(*) FROM followed)},
    {'recipe': 'visited, and has not ordered since', 'members': count(*) FILTER (looked > coalesce(ended, 0))},
    {'recipe': 'two of three signs', 'members': count(*) FILTER ((orders >= 5)::INT + (weeks >= 4)::INT + (coalesce(gifts, 0) > 0)::INT >= 2)}
], recursive := true) FROM c
