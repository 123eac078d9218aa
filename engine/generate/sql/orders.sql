-- orders of one year: one row an order. The first chunk also holds the planted dirt, without lines: orders of
-- customers who do not exist, without a customer, without a time, in the future, and refunds as negative totals.
SELECT order_id, customer_id, instant(moment) AS ordered_at, channel,
    CASE channel WHEN 'app' THEN 'phone' WHEN 'web' THEN CASE WHEN u(ok, 'device') < CASE WHEN age < 40 THEN 0.55 ELSE 0.25 END THEN 'phone' WHEN u(ok, 'device') > 0.88 THEN 'tablet' ELSE 'desktop' END END AS device,
    CASE WHEN channel = 'shop' THEN store END AS store_id,
    pounds(paid) AS total, pounds(full_price - paid) AS discount, round((full_price - paid) / full_price, 4) AS discount_share,
    CASE WHEN channel = 'shop' THEN 'carried home' WHEN business THEN 'pallet' WHEN u(ok, 'delivery') < 0.22 THEN 'click and collect' WHEN style = 'impulsive' AND u(ok, 'fast') < 0.6 THEN 'next day' WHEN u(ok, 'fast') < 0.12 THEN 'next day' ELSE 'standard' END AS delivery,
    CASE WHEN business THEN 'invoice' WHEN age < 32 AND u(ok, 'payment') < 0.35 THEN 'pay later' WHEN channel = 'shop' AND u(ok, 'payment') < 0.15 THEN 'cash' WHEN u(ok, 'payment') > 0.72 THEN 'wallet' ELSE 'card' END AS payment,
    returned, gift
FROM baskets WHERE year = getvariable('year')
UNION ALL
SELECT 900000000000 + d, CASE kind WHEN 'orphan' THEN customer_key(getvariable('customers') + 1000 + d) WHEN 'no customer' THEN NULL ELSE customer_key(1 + (d * 7919) % getvariable('customers')) END,
    CASE kind WHEN 'no time' THEN NULL WHEN 'future' THEN instant(1770000000 + d % 1000 * 3600) ELSE instant(1735689600 + (d * 104729) % 31000000) END,
    'web', 'desktop', NULL, pounds(CASE kind WHEN 'refund' THEN -(1000 + 100 * (d % 50)) ELSE 2500 + 100 * (d % 10) END), 0, 0, 'standard', 'card', kind = 'refund', false
FROM (
    SELECT d, CASE WHEN d <= getvariable('orphans') THEN 'orphan'
        WHEN d <= getvariable('orphans') + getvariable('no_customer') THEN 'no customer'
        WHEN d <= getvariable('orphans') + getvariable('no_customer') + getvariable('no_time') THEN 'no time'
        WHEN d <= getvariable('orphans') + getvariable('no_customer') + getvariable('no_time') + getvariable('future') THEN 'future'
        ELSE 'refund' END AS kind
    FROM range(1, getvariable('dirty_orders')::BIGINT + 1) r(d)
    WHERE getvariable('lo') = 1 AND getvariable('year') = 2025
)
