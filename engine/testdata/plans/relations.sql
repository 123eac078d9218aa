-- plan
read customers: budget, city, id, level, vip
read items: colour, order_id
read orders: at, city, customer_id, order_id, price, total
read visits: customer, page

pass 1 over customers, a row is a customer
  scan items: colour, order_id
    grouped by order_id
      items#1 = exists of eq_null(colour, "red")
  scan orders: at, city, customer_id, order_id, price, total
    beside each row what was folded of it: items
    beside each row what its owner has in customers: city
    grouped by customer_id
      orders#1 = mode of city   [may be empty]
      orders#2 = size where and(lt(sub_time(now, 2160h0m0s), at), le(at, now))
      orders#3 = sum of total where and(lt(sub_time(now, 2160h0m0s), at), le(at, now))   [may be undecided]
      orders#4 = avg of price   [may be empty or undecided]
      orders#5 = count of price
      orders#6 = exists of and(lt(50.0, total), eq_null(city, customers.city))   [may be undecided]
      orders#7 = size where items#1
  scan visits: customer, page
    grouped by customer
      visits#1 = distinct of page
  scan orders again, whose rows are compared with what was folded of them: customer_id, price
    beside each row what its owner has in customers: orders#4, orders#5
    grouped by customer_id
      orders#8 = exists of and(lt(orders#4, price), or(not(is_nan(price)), not(if(eq(orders#5, 0), true, null(decide(orders#4))))))   [may be undecided]
  scan customers: id
    beside each row what was folded of it: orders, visits
    #1 = lt(1, orders#7)
    trait favourite = orders#1   [may be empty]
    trait orders_90d = orders#2
    trait pages = visits#1
    trait spend_90d = orders#3   [may be undecided]
    segment in_above_own_average = orders#8   [may be undecided]
    segment in_big = orders#6   [may be undecided]
    segment in_colourful = and(#1, not(orders#6))   [may be undecided]
    value value = orders#3   [may be undecided]
    operand clause:colourful:0 = #1

-- outputs
WITH "items:0" AS (
SELECT "order_id" AS "≡key",
  (bool_or((("≡39" & 1::TINYINT))::BOOLEAN))::BOOLEAN AS "≡40"
FROM (SELECT "order_id",
    -(("colour" IS NOT DISTINCT FROM 'red'))::TINYINT AS "≡39"
  FROM "snapshot"."items")
GROUP BY "order_id"),
"orders:0" AS (
SELECT "customer_id" AS "≡key",
  (list_transform(list_slice(list_sort(list_transform(map_entries(histogram("city")), lambda e: {c: -(e.value::BIGINT), v: e.key})), 1, 1), lambda e: {value: e.v, n: -e.c})[1].value)::VARCHAR AS "≡2",
  (count_if(("≡9" = (-1)::TINYINT))::BIGINT)::BIGINT AS "≡10",
  (CASE WHEN count(CASE WHEN ("≡9" = (-1)::TINYINT) THEN "total" END) = count(CASE WHEN ("≡9" = (-1)::TINYINT) THEN "≡fixed 0" END) THEN (coalesce(sum(CASE WHEN ("≡9" = (-1)::TINYINT) THEN "≡fixed 0" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN ("≡9" = (-1)::TINYINT) THEN "≡fixed 0" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END)::DOUBLE AS "≡14",
  (CASE WHEN count(*) > 0 THEN (CASE WHEN count("price") = count("≡fixed 1") THEN (coalesce(sum("≡fixed 1"), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum("≡fixed 1"), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END) / (count(*))::DOUBLE END)::DOUBLE AS "≡16",
  (count(*))::BIGINT AS "≡19",
  (CASE WHEN bool_or((("≡35" & 1::TINYINT))::BOOLEAN) THEN true WHEN bool_or((("≡35" = (-16)::TINYINT))::BOOLEAN) THEN NULL ELSE false END)::BOOLEAN AS "≡36",
  (count_if("≡40")::BIGINT)::BIGINT AS "≡41"
FROM (SELECT *, CASE WHEN abs("total") < 1e20 THEN round("total" * 1e9)::HUGEINT END AS "≡fixed 0", CASE WHEN abs("price") < 1e20 THEN round("price" * 1e9)::HUGEINT END AS "≡fixed 1"
  FROM (SELECT "customer_id",
    "city",
    "total",
    "price",
    "≡40",
    (-((make_timestamptz(epoch_us('2026-01-01 00:00:00.123456+00'::TIMESTAMPTZ) - 7776000000000000::BIGINT // 1000) < "at"))::TINYINT & -(("at" <= '2026-01-01 00:00:00.123456+00'::TIMESTAMPTZ))::TINYINT) AS "≡9",
    (-(("city" IS NOT DISTINCT FROM "≡33"))::TINYINT & (-((5e+01 < "≡13~" AND "≡13~" <= 'infinity'::DOUBLE))::TINYINT & "≡13+" | "≡13-")) AS "≡35"
  FROM (SELECT "customer_id",
    "city",
    "at",
    "total",
    "price",
    "≡33",
    "≡40",
    coalesce("total", (0e+00)::DOUBLE) AS "≡13~",
    -("total" IS NOT NULL)::TINYINT AS "≡13+",
    (-("total" IS NULL)::TINYINT & (-16)::TINYINT) AS "≡13-"
  FROM (SELECT t."order_id", t."customer_id", t."city", t."at", t."total", t."price", coalesce(f0."≡40", false) AS "≡40", o."city" AS "≡33"
  FROM "snapshot"."orders" t LEFT JOIN "items:0" f0 ON f0."≡key" = t."order_id" JOIN "snapshot"."customers" o ON o."id" = t."customer_id"))))
GROUP BY "customer_id"),
"visits:0" AS (
SELECT "customer" AS "≡key",
  (count(DISTINCT "page") + (count(*) > count("page"))::BIGINT)::BIGINT AS "≡12"
FROM "snapshot"."visits"
GROUP BY "customer"),
"orders:1" AS (
SELECT "customer_id" AS "≡key",
  (CASE WHEN bool_or((("≡29" & 1::TINYINT))::BOOLEAN) THEN true WHEN bool_or((("≡29" = (-16)::TINYINT))::BOOLEAN) THEN NULL ELSE false END)::BOOLEAN AS "≡30"
FROM (SELECT "customer_id",
    ((-((CASE WHEN isnan("price") AND "≡16~" IS NOT NULL THEN false ELSE "≡16~" < "price" END))::TINYINT & "≡16+" | "≡16-") & "≡28") AS "≡29"
  FROM (SELECT "customer_id",
    "price",
    "≡16~",
    "≡16+",
    "≡16-",
    (xor(-(isnan("price"))::TINYINT, (-1)::TINYINT) | (-((CASE WHEN ("≡19" = 0) THEN true ELSE (CASE WHEN "≡16" IS NOT NULL THEN false END) END) IS NOT DISTINCT FROM false)::TINYINT | (-((CASE WHEN ("≡19" = 0) THEN true ELSE (CASE WHEN "≡16" IS NOT NULL THEN false END) END) IS NULL)::TINYINT & (-16)::TINYINT))) AS "≡28"
  FROM (SELECT "customer_id",
    "price",
    "≡16",
    "≡19",
    coalesce("≡16", (0e+00)::DOUBLE) AS "≡16~",
    -("≡16" IS NOT NULL)::TINYINT AS "≡16+",
    (-("≡16" IS NULL)::TINYINT & (-16)::TINYINT) AS "≡16-"
  FROM (SELECT t."order_id", t."customer_id", t."price", o."≡16" AS "≡16", o."≡19" AS "≡19"
  FROM "snapshot"."orders" t JOIN (SELECT t."id", f0."≡16" AS "≡16", coalesce(f0."≡19", 0) AS "≡19"
  FROM "snapshot"."customers" t LEFT JOIN "orders:0" f0 ON f0."≡key" = t."id") o ON o."id" = t."customer_id"))))
GROUP BY "customer_id")
SELECT "id",
  ("≡2")::VARCHAR AS "favourite",
  ("≡10")::BIGINT AS "orders_90d",
  ("≡12")::BIGINT AS "pages",
  ("≡14")::DOUBLE AS "spend_90d",
  ("≡14")::DOUBLE AS "value",
  {'b': (((-("≡30~")::TINYINT & "≡30+" | "≡30-") & 17::TINYINT) | ((-("≡36~")::TINYINT & "≡36+" | "≡36-") & 34::TINYINT) | (("≡43" & (xor(-("≡36~")::TINYINT, (-1)::TINYINT) & "≡36+" | "≡36-")) & 68::TINYINT))} AS "≡bits 0",
  {'b': (("≡43" & 1::TINYINT))} AS "≡bits 1"
FROM (SELECT "id",
    "≡2",
    "≡10",
    "≡12",
    "≡14",
    "≡30~",
    "≡30+",
    "≡30-",
    "≡36~",
    "≡36+",
    "≡36-",
    -((1 < "≡41"))::TINYINT AS "≡43"
  FROM (SELECT "id",
    "≡2",
    "≡10",
    "≡12",
    "≡14",
    "≡41",
    coalesce("≡30", (false)::BOOLEAN) AS "≡30~",
    -("≡30" IS NOT NULL)::TINYINT AS "≡30+",
    (-("≡30" IS NULL)::TINYINT & (-16)::TINYINT) AS "≡30-",
    coalesce("≡36", (false)::BOOLEAN) AS "≡36~",
    -("≡36" IS NOT NULL)::TINYINT AS "≡36+",
    (-("≡36" IS NULL)::TINYINT & (-16)::TINYINT) AS "≡36-"
  FROM (SELECT t."id", f0."≡2" AS "≡2", coalesce(f0."≡10", 0) AS "≡10", coalesce(f1."≡12", 0) AS "≡12", CASE WHEN f0."≡key" IS NULL THEN 0e+00 ELSE f0."≡14" END AS "≡14", CASE WHEN f2."≡key" IS NULL THEN false ELSE f2."≡30" END AS "≡30", CASE WHEN f0."≡key" IS NULL THEN false ELSE f0."≡36" END AS "≡36", coalesce(f0."≡41", 0) AS "≡41"
  FROM "snapshot"."customers" t LEFT JOIN "orders:0" f0 ON f0."≡key" = t."id" LEFT JOIN "visits:0" f1 ON f1."≡key" = t."id" LEFT JOIN "orders:1" f2 ON f2."≡key" = t."id")))
ORDER BY "id"

-- counts
SELECT count(*) AS rows,
  count_if("in_above_own_average")::BIGINT AS m0,
  count(*) - count("in_above_own_average") AS u0,
  CASE WHEN count(CASE WHEN "in_above_own_average" THEN "value" END) = count(CASE WHEN "in_above_own_average" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_above_own_average" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_above_own_average" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v0,
  count_if("in_big")::BIGINT AS m1,
  count(*) - count("in_big") AS u1,
  CASE WHEN count(CASE WHEN "in_big" THEN "value" END) = count(CASE WHEN "in_big" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_big" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_big" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v1,
  count_if("in_colourful")::BIGINT AS m2,
  count(*) - count("in_colourful") AS u2,
  CASE WHEN count(CASE WHEN "in_colourful" THEN "value" END) = count(CASE WHEN "in_colourful" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_colourful" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_colourful" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v2,
  CASE WHEN count("value") = count("≡value") THEN (coalesce(sum("≡value"), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum("≡value"), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS value
FROM (SELECT *, CASE WHEN abs("value") < 1e20 THEN round("value" * 1e9)::HUGEINT END AS "≡value" FROM "result"."customer")

-- overlap
SELECT "in_above_own_average", "in_big", "in_colourful"
FROM "result"."customer"

-- statistics

