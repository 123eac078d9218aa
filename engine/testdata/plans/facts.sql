-- plan
read rows: b, b2, d, d2, i, i2, id, rb, rb2, rd, rd2, ri, ri2, rs, rs2, rt, rt2, s, s2, t, t2

pass 1 over rows, a row is a row
  scan rows: b, d, i, id, rb, rd, ri, ri2, rs, rt, s, s2
    #1 = div_int(i, ri2)
    #2 = and(lt(2, i), lt(0.5, rd))
    #3 = not(#2)
    trait grown = age("Europe/London", rt, now)
    trait kind = if(b, s, s2)
    trait ratio = #1
    trait total = if(lt(1000, i), 0, i)
    segment in_big = #2
    segment in_empty_text = or(eq(s, ""), in(s, "a", "b"))
    segment in_known = rb
    segmentation size = if(lt(i, 3), "small", if(lt(ri, 10), "middle", "large"))
    segment in_not_big = #3
    segment in_ratio_high = or(lt(1, #1), rb)
    value value = d
    persona persona_anna = #3
    operand operand_4 = b
    operand operand_5 = rb
    operand operand_6 = ri
    operand operand_7 = rd
    operand operand_8 = i
    operand operand_9 = s
    operand operand_10 = rs

statistics over members, and over everyone
  anna.stat_0 = count()
  anna.stat_1 = share(row.b)  (operand operand_4)
  anna.stat_2 = lift(row.rb)  (operand operand_5)
  anna.stat_3 = median(row.ri)  (operand operand_6)
  anna.stat_4 = percentile(row.rd, 90)  (operand operand_7)
  anna.stat_5 = percentile(row.ri, 25)  (operand operand_6)
  anna.stat_6 = sum(row.rd)  (operand operand_7)
  anna.stat_7 = avg(row.i)  (operand operand_8)
  anna.stat_8 = mode(row.s)  (operand operand_9)
  anna.stat_9 = top(row.rs, 3)  (operand operand_10)
  anna.stat_10 = sum(row.ratio)  (operand ratio)
  anna.stat_11 = mode(row.kind)  (operand kind)

-- outputs
SELECT "id",
  ((year(timezone('Europe/London', '2026-01-01 00:00:00.123456+00'::TIMESTAMPTZ)) - year(timezone('Europe/London', "rt")) - (month(timezone('Europe/London', '2026-01-01 00:00:00.123456+00'::TIMESTAMPTZ)) * 100 + day(timezone('Europe/London', '2026-01-01 00:00:00.123456+00'::TIMESTAMPTZ)) < month(timezone('Europe/London', "rt")) * 100 + day(timezone('Europe/London', "rt")))::BIGINT))::BIGINT AS "grown",
  ((CASE WHEN "b" THEN "s" ELSE "s2" END))::VARCHAR AS "kind",
  ("≡9")::BIGINT AS "ratio",
  ((CASE WHEN (1000 < "i") THEN 0 ELSE "i" END))::BIGINT AS "total",
  ((CASE WHEN ("i" < 3) THEN 'small' WHEN ("ri" < 10) THEN 'middle' ELSE 'large' END))::VARCHAR AS "size",
  ("d")::DOUBLE AS "value",
  ("ri")::BIGINT AS "operand_6",
  ("rd")::DOUBLE AS "operand_7",
  ("i")::BIGINT AS "operand_8",
  ("s")::VARCHAR AS "operand_9",
  ("rs")::VARCHAR AS "operand_10",
  {'b': (("≡23" & 1::TINYINT) | ((-(("s" = ''))::TINYINT | -(("s" IN ('a', 'b')))::TINYINT) & 2::TINYINT) | (-("rb")::TINYINT & 4::TINYINT) | ("≡41" & 8::TINYINT) | ((-((1 < "≡9"))::TINYINT | -("rb")::TINYINT) & 16::TINYINT) | ("≡41" & 32::TINYINT) | (-("b")::TINYINT & 64::TINYINT) | (-("rb")::TINYINT & (-128)::TINYINT))} AS "≡bits 0"
FROM (SELECT "id",
    "rt",
    "b",
    "s",
    "s2",
    "i",
    "rd",
    "rb",
    "ri",
    "d",
    "rs",
    "≡9",
    "≡23",
    xor("≡23", (-1)::TINYINT) AS "≡41"
  FROM (SELECT "id",
    "rt",
    "b",
    "s",
    "s2",
    "i",
    "rd",
    "rb",
    "ri",
    "d",
    "rs",
    ("i"::BIGINT // "ri2"::BIGINT) AS "≡9",
    (-((2 < "i"))::TINYINT & -(signbit(5e-01 - "rd"))::TINYINT) AS "≡23"
  FROM "snapshot"."rows"))

-- counts
SELECT count(*) AS rows,
  count_if("in_big")::BIGINT AS m0,
  CASE WHEN count(CASE WHEN "in_big" THEN "value" END) = count(CASE WHEN "in_big" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_big" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_big" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v0,
  count_if("in_empty_text")::BIGINT AS m1,
  CASE WHEN count(CASE WHEN "in_empty_text" THEN "value" END) = count(CASE WHEN "in_empty_text" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_empty_text" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_empty_text" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v1,
  count_if("in_known")::BIGINT AS m2,
  CASE WHEN count(CASE WHEN "in_known" THEN "value" END) = count(CASE WHEN "in_known" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_known" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_known" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v2,
  count_if("size" = 'small')::BIGINT AS m3,
  CASE WHEN count(CASE WHEN "size" = 'small' THEN "value" END) = count(CASE WHEN "size" = 'small' THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "size" = 'small' THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "size" = 'small' THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v3,
  count_if("size" = 'middle')::BIGINT AS m4,
  CASE WHEN count(CASE WHEN "size" = 'middle' THEN "value" END) = count(CASE WHEN "size" = 'middle' THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "size" = 'middle' THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "size" = 'middle' THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v4,
  count_if("size" = 'large')::BIGINT AS m5,
  CASE WHEN count(CASE WHEN "size" = 'large' THEN "value" END) = count(CASE WHEN "size" = 'large' THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "size" = 'large' THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "size" = 'large' THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v5,
  count_if("in_not_big")::BIGINT AS m6,
  CASE WHEN count(CASE WHEN "in_not_big" THEN "value" END) = count(CASE WHEN "in_not_big" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_not_big" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_not_big" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v6,
  count_if("in_ratio_high")::BIGINT AS m7,
  CASE WHEN count(CASE WHEN "in_ratio_high" THEN "value" END) = count(CASE WHEN "in_ratio_high" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_ratio_high" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_ratio_high" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v7,
  count_if("persona_anna")::BIGINT AS m8,
  CASE WHEN count(CASE WHEN "persona_anna" THEN "value" END) = count(CASE WHEN "persona_anna" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "persona_anna" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "persona_anna" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v8,
  CASE WHEN count("value") = count("≡value") THEN (coalesce(sum("≡value"), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum("≡value"), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS value
FROM (SELECT *, round("value" * 1e9)::BIGINT AS "≡value" FROM "result"."row")

-- overlap
SELECT "in_big", "in_empty_text", "in_known", "in_not_big", "in_ratio_high"
FROM "result"."row"

-- statistics
SELECT count_if("persona_anna")::BIGINT AS s0,
  count(*) AS s1,
  count(CASE WHEN "persona_anna" THEN "operand_4" END) AS s2,
  count("operand_4") AS s3,
  count_if("operand_4" AND "persona_anna")::BIGINT AS s4,
  count_if("operand_4")::BIGINT AS s5,
  count_if("operand_4" IS NULL AND "persona_anna")::BIGINT AS s6,
  count(CASE WHEN "persona_anna" THEN "operand_5" END) AS s7,
  count("operand_5") AS s8,
  count_if("operand_5" AND "persona_anna")::BIGINT AS s9,
  count_if("operand_5")::BIGINT AS s10,
  count_if("operand_5" IS NULL AND "persona_anna")::BIGINT AS s11,
  count(CASE WHEN "persona_anna" THEN "operand_6" END) AS s12,
  count("operand_6") AS s13,
  quantile_cont(CASE WHEN "persona_anna" THEN ("operand_6")::DOUBLE END, 5e-01) AS s14,
  quantile_cont(("operand_6")::DOUBLE, 5e-01) AS s15,
  count_if("operand_6" IS NULL AND "persona_anna")::BIGINT AS s16,
  count(CASE WHEN "persona_anna" THEN "operand_7" END) AS s17,
  count("operand_7") AS s18,
  list_transform([list_sort(list(("operand_7")::DOUBLE) FILTER (WHERE "persona_anna" AND "operand_7" IS NOT NULL))], lambda s: list_transform([(len(s) - 1)::DOUBLE * 9e+01 / 1e2], lambda h:
    CASE WHEN h = floor(h) THEN s[h::BIGINT + 1] ELSE s[floor(h)::BIGINT + 1] * (1e0 - (h - floor(h))) + s[floor(h)::BIGINT + 2] * (h - floor(h)) END)[1])[1] AS s19,
  list_transform([list_sort(list(("operand_7")::DOUBLE) FILTER (WHERE "operand_7" IS NOT NULL))], lambda s: list_transform([(len(s) - 1)::DOUBLE * 9e+01 / 1e2], lambda h:
    CASE WHEN h = floor(h) THEN s[h::BIGINT + 1] ELSE s[floor(h)::BIGINT + 1] * (1e0 - (h - floor(h))) + s[floor(h)::BIGINT + 2] * (h - floor(h)) END)[1])[1] AS s20,
  count_if("operand_7" IS NULL AND "persona_anna")::BIGINT AS s21,
  quantile_cont(CASE WHEN "persona_anna" THEN ("operand_6")::DOUBLE END, 2.5e-01) AS s22,
  quantile_cont(("operand_6")::DOUBLE, 2.5e-01) AS s23,
  CASE WHEN count(CASE WHEN "persona_anna" THEN "operand_7" END) = count(CASE WHEN "persona_anna" THEN "≡""operand_7""" END) THEN (coalesce(sum(CASE WHEN "persona_anna" THEN "≡""operand_7""" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "persona_anna" THEN "≡""operand_7""" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS s24,
  CASE WHEN count("operand_7") = count("≡""operand_7""") THEN (coalesce(sum("≡""operand_7"""), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum("≡""operand_7"""), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS s25,
  count(CASE WHEN "persona_anna" THEN "operand_8" END) AS s26,
  count("operand_8") AS s27,
  CASE WHEN count(CASE WHEN "persona_anna" THEN "operand_8" END) > 0 THEN (coalesce(sum(CASE WHEN "persona_anna" THEN "operand_8"::BIGINT END), 0)::HUGEINT)::DOUBLE / (count(CASE WHEN "persona_anna" THEN "operand_8" END))::DOUBLE END AS s28,
  CASE WHEN count("operand_8") > 0 THEN (coalesce(sum("operand_8"::BIGINT), 0)::HUGEINT)::DOUBLE / (count("operand_8"))::DOUBLE END AS s29,
  count_if("operand_8" IS NULL AND "persona_anna")::BIGINT AS s30,
  count(CASE WHEN "persona_anna" THEN "operand_9" END) AS s31,
  count("operand_9") AS s32,
  list_transform(list_slice(list_sort(list_transform(map_entries(histogram(CASE WHEN "persona_anna" THEN "operand_9" END)), lambda e: {c: -(e.value::BIGINT), v: e.key})), 1, 1), lambda e: {value: e.v, n: -e.c}) AS s33,
  list_transform(list_slice(list_sort(list_transform(map_entries(histogram("operand_9")), lambda e: {c: -(e.value::BIGINT), v: e.key})), 1, 1), lambda e: {value: e.v, n: -e.c}) AS s34,
  count_if("operand_9" IS NULL AND "persona_anna")::BIGINT AS s35,
  count(CASE WHEN "persona_anna" THEN "operand_10" END) AS s36,
  count("operand_10") AS s37,
  list_transform(list_slice(list_sort(list_transform(map_entries(histogram(CASE WHEN "persona_anna" THEN "operand_10" END)), lambda e: {c: -(e.value::BIGINT), v: e.key})), 1, 3), lambda e: {value: e.v, n: -e.c}) AS s38,
  list_transform(list_slice(list_sort(list_transform(map_entries(histogram("operand_10")), lambda e: {c: -(e.value::BIGINT), v: e.key})), 1, 3), lambda e: {value: e.v, n: -e.c}) AS s39,
  count_if("operand_10" IS NULL AND "persona_anna")::BIGINT AS s40,
  count(CASE WHEN "persona_anna" THEN "ratio" END) AS s41,
  count("ratio") AS s42,
  CASE WHEN coalesce(sum(CASE WHEN "persona_anna" THEN "ratio"::BIGINT END), 0)::HUGEINT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN (coalesce(sum(CASE WHEN "persona_anna" THEN "ratio"::BIGINT END), 0)::HUGEINT)::BIGINT END AS s43,
  CASE WHEN coalesce(sum("ratio"::BIGINT), 0)::HUGEINT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN (coalesce(sum("ratio"::BIGINT), 0)::HUGEINT)::BIGINT END AS s44,
  count_if("ratio" IS NULL AND "persona_anna")::BIGINT AS s45,
  count(CASE WHEN "persona_anna" THEN "kind" END) AS s46,
  count("kind") AS s47,
  list_transform(list_slice(list_sort(list_transform(map_entries(histogram(CASE WHEN "persona_anna" THEN "kind" END)), lambda e: {c: -(e.value::BIGINT), v: e.key})), 1, 1), lambda e: {value: e.v, n: -e.c}) AS s48,
  list_transform(list_slice(list_sort(list_transform(map_entries(histogram("kind")), lambda e: {c: -(e.value::BIGINT), v: e.key})), 1, 1), lambda e: {value: e.v, n: -e.c}) AS s49,
  count_if("kind" IS NULL AND "persona_anna")::BIGINT AS s50
FROM (SELECT *, round("operand_7" * 1e9)::BIGINT AS "≡""operand_7""" FROM "result"."row")
