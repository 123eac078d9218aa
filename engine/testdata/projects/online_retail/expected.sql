-- Whom each rule of this project takes, worked out from the raw file and from what the rules say, not from the engine.
-- Run it where online_retail/ lies. One row a group: members, those for whom it cannot be told, and what the members are worth.
-- Prices have at most three digits after the point, so sums are exact in decimals.
WITH line AS (
  SELECT "InvoiceNo" AS invoice, "Quantity" * CAST("UnitPrice" AS DECIMAL(12, 3)) AS worth, "InvoiceDate" AS moment, "Country" AS country,
    CAST("CustomerID" AS BIGINT) AS id, left("InvoiceNo", 1) = 'C' AS takes_back
  FROM (SELECT "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"
    FROM 'online_retail/online_retail.parquet' GROUP BY ALL)   -- a line that stands there twice was sold once
), invoice AS (
  SELECT id, invoice, any_value(takes_back) AS takes_back, max(moment) AS moment, sum(worth) AS worth, min(country) AS country
  FROM line WHERE id IS NOT NULL GROUP BY id, invoice
), buyer AS (
  SELECT id, min(country) AS country, sum(worth) AS worth,
    coalesce(sum(1 - takes_back::INT), 0) AS orders, coalesce(sum(takes_back::INT), 0) AS cancellations,
    max(CASE WHEN takes_back THEN NULL ELSE moment END) AS last_order
  FROM invoice GROUP BY id
), size AS (
  SELECT count(*) AS everyone, count(last_order) AS with_order FROM buyer
), scored AS (
  -- The definition of a score, word for word: buckets less buckets times those who are strictly better, over all.
  SELECT b.*, date_diff('day', b.last_order::DATE, DATE '2011-12-09') AS idle,
    CASE WHEN b.last_order IS NOT NULL THEN 5 - (5 * (SELECT count(*) FROM buyer o WHERE o.last_order > b.last_order)) // with_order END AS r,
    5 - (5 * (SELECT count(*) FROM buyer o WHERE o.orders > b.orders)) // everyone AS f,
    5 - (5 * (SELECT count(*) FROM buyer o WHERE o.worth > b.worth)) // everyone AS m,
    100 - (100 * (SELECT count(*) FROM buyer o WHERE o.worth > b.worth)) // everyone AS percent,
    worth > 2000 AND date_diff('day', b.last_order::DATE, DATE '2011-12-09') > 60 AS lapsing
  FROM buyer b, size
), labelled AS (
  SELECT *,
    CASE
      -- An unknown recency leaves a rung open unless another part of it already says no; an open rung leaves the rest open.
      WHEN r >= 4 AND f >= 4 AND m >= 4 THEN 'champion'
      WHEN r IS NULL AND f >= 4 AND m >= 4 THEN NULL
      WHEN r >= 3 AND f >= 4 THEN 'loyal'
      WHEN r IS NULL AND f >= 4 THEN NULL
      WHEN r <= 2 AND m >= 3 THEN 'at_risk'
      WHEN r IS NULL AND m >= 3 THEN NULL
      WHEN r = 5 AND orders = 1 THEN 'newcomer'
      ELSE 'everyone_else'     -- a recency that is not there equals nothing, so it is not 5 either
    END AS lifecycle
    , CASE WHEN percent > 90 THEN 'gold' WHEN percent > 70 THEN 'silver' WHEN percent > 50 THEN 'bronze' ELSE 'base' END AS value_group,
    -- A third of the lapsing big spenders: fewer cancellations are better. Who is not among them has no rank, which equals nothing.
    CASE WHEN lapsing THEN 3 - (3 * (SELECT count(*) FROM scored o WHERE o.lapsing AND o.cancellations < s.cancellations)) // (SELECT count(*) FROM scored WHERE lapsing)
      WHEN NOT lapsing THEN 0 END AS third
  FROM scored s
), verdict AS (
  SELECT worth, unnest([
    {g: 'one_time_buyers', v: orders = 1},
    {g: 'only_cancelled', v: orders = 0},
    {g: 'big_spenders', v: worth > 2000},
    {g: 'in_the_red', v: worth <= 0},
    {g: 'returners', v: cancellations >= 3 AND 3 * cancellations > orders},
    {g: 'abroad', v: country <> 'United Kingdom'},
    {g: 'idle', v: idle > 90},
    {g: 'lapsing_big_spenders', v: worth > 2000 AND idle > 60},
    {g: 'christmas_only', v: last_order < TIMESTAMP '2011-01-01'},
    {g: 'worth_a_call', v: third = 3},
    {g: 'value_group/gold', v: value_group = 'gold'}, {g: 'value_group/silver', v: value_group = 'silver'},
    {g: 'value_group/bronze', v: value_group = 'bronze'}, {g: 'value_group/base', v: value_group = 'base'},
    {g: 'lifecycle/champion', v: lifecycle = 'champion'}, {g: 'lifecycle/loyal', v: lifecycle = 'loyal'},
    {g: 'lifecycle/at_risk', v: lifecycle = 'at_risk'}, {g: 'lifecycle/newcomer', v: lifecycle = 'newcomer'},
    {g: 'lifecycle/everyone_else', v: lifecycle = 'everyone_else'},
    {g: 'persona/olive', v: worth > 2000 AND idle > 60},
    {g: 'rows/buyers', v: true}, {g: 'rows/customers', v: true}
  ], recursive := true)
  FROM labelled
), olive AS (
  SELECT * FROM labelled WHERE worth > 2000 AND idle > 60
)
SELECT g AS "group", count(*) FILTER (v) AS members, count(*) - count(v) AS unknown,
  CASE WHEN g NOT LIKE 'rows/%' THEN coalesce(sum(worth) FILTER (v), 0) END AS value
FROM verdict GROUP BY g
UNION ALL SELECT 'rows/lines', count(*), 0, NULL FROM 'online_retail/online_retail.parquet'
UNION ALL SELECT 'rows/sales', count(id), 0, NULL FROM line
UNION ALL SELECT 'problem/sales/orphan row', count(*), 0, sum(worth) FROM line WHERE id IS NULL
UNION ALL SELECT 'problem/lines/No price is negative', count(*), 0, NULL FROM 'online_retail/online_retail.parquet' WHERE "UnitPrice" < 0
-- What the persona says: members are those whom a number rests on, value is the number.
UNION ALL SELECT 'stat/olive/median(customer.days_idle)', count(*), 0, quantile_cont(idle, 0.5) FROM olive
UNION ALL SELECT 'stat/olive/median(customer.orders)', count(*), 0, quantile_cont(orders, 0.5) FROM olive
UNION ALL SELECT 'stat/olive/median(customer.revenue)', count(*), 0, quantile_cont(worth::DOUBLE, 0.5) FROM olive
UNION ALL SELECT 'stat/olive/share(customer.orders >= 2)', count(*), 0, count(*) FILTER (orders > 1) / count(*) FROM olive
UNION ALL SELECT 'stat/olive/share(segment.abroad)', count(*), 0, count(*) FILTER (country <> 'United Kingdom') / count(*) FROM olive
ORDER BY 1
