-- plan
read rows: b, b2, d, d2, i, i2, id, rb, rb2, rd, rd2, ri, ri2, rs, rs2, rt, rt2, s, s2, t, t2

pass 1 over rows, a row is a row
  scan rows: b, d, i, id, rb, rd, ri, ri2, rs, rt, s, s2
    #1 = div_int(i, ri2)
    #2 = coalesce(i, 0)
    #3 = lt(2, i)
    #4 = lt(0.5, rd)
    #5 = and(not(null(i)), rb)
    #6 = or(not(#3), not(#4))
    trait grown = age("Europe/London", rt, now)
    trait kind = if(b, s, s2)   [may be empty or undecided]
    trait ratio = #1   [may be undecided]
    trait total = if(lt(1000, #2), 0, #2)
    segment in_big = and(#3, #4)   [may be undecided]
    segment in_empty_text = or(eq_null(s, ""), in_null(s, "a", "b"))
    segment in_known = #5
    segmentation size = if(lt(i, 3), "small", if(lt(ri, 10), "middle", "large"))   [may be undecided]
    segment in_not_big = #6   [may be undecided]
    segment in_ratio_high = or(lt(1, #1), #5)   [may be undecided]
    value value = d   [may be empty]
    persona persona_anna = #6   [may be undecided]
    operand operand_4 = b   [may be empty]
    operand operand_5 = rb
    operand operand_6 = ri
    operand operand_7 = rd
    operand operand_8 = i   [may be empty]
    operand operand_9 = s   [may be empty]
    operand operand_10 = rs
    operand kind_null = if(b, null(s), null(s2))   [may be undecided]

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
  ((CASE WHEN (-("≡3~")::TINYINT & "≡3+" | "≡3-") = (-1)::TINYINT THEN "s" WHEN (-("≡3~")::TINYINT & "≡3+" | "≡3-") = (-16)::TINYINT THEN NULL ELSE "s2" END))::VARCHAR AS "kind",
  ("≡9")::BIGINT AS "ratio",
  ((CASE WHEN (1000 < "≡15") THEN 0 ELSE "≡15" END))::BIGINT AS "total",
  ((CASE WHEN (-(("≡7~" < 3))::TINYINT & "≡7+" | "≡7-") = (-1)::TINYINT THEN 'small' WHEN (-(("≡7~" < 3))::TINYINT & "≡7+" | "≡7-") = (-16)::TINYINT THEN NULL WHEN ("ri" < 10) THEN 'middle' ELSE 'large' END))::VARCHAR AS "size",
  ("d")::DOUBLE AS "value",
  ("ri")::BIGINT AS "operand_6",
  ("rd")::DOUBLE AS "operand_7",
  ("i")::BIGINT AS "operand_8",
  ("s")::VARCHAR AS "operand_9",
  ("rs")::VARCHAR AS "operand_10",
  {'b': ((("≡23" & "≡20") & 17::TINYINT) | ("≡45" & 34::TINYINT) | (("≡32" | (-((1 < "≡9") IS NOT DISTINCT FROM true)::TINYINT | (-((1 < "≡9") IS NULL)::TINYINT & (-16)::TINYINT))) & 68::TINYINT) | ("≡45" & (-120)::TINYINT))} AS "≡bits 0",
  {'b': (((-(("s" IS NOT DISTINCT FROM ''))::TINYINT | -(("s" IS NOT NULL AND "s" IN ('a', 'b')))::TINYINT) & 1::TINYINT) | ("≡32" & 2::TINYINT) | (-("rb")::TINYINT & 4::TINYINT))} AS "≡bits 1",
  {'b': (((-("≡3~")::TINYINT & "≡3+" | "≡3-") & 17::TINYINT) | ((-((CASE WHEN (-("≡3~")::TINYINT & "≡3+" | "≡3-") = (-1)::TINYINT THEN ("s" IS NULL) WHEN (-("≡3~")::TINYINT & "≡3+" | "≡3-") = (-16)::TINYINT THEN NULL ELSE ("s2" IS NULL) END) IS NOT DISTINCT FROM true)::TINYINT | (-((CASE WHEN (-("≡3~")::TINYINT & "≡3+" | "≡3-") = (-1)::TINYINT THEN ("s" IS NULL) WHEN (-("≡3~")::TINYINT & "≡3+" | "≡3-") = (-16)::TINYINT THEN NULL ELSE ("s2" IS NULL) END) IS NULL)::TINYINT & (-16)::TINYINT)) & 34::TINYINT))} AS "≡bits 2"
FROM (SELECT "id",
    "rt",
    "s",
    "s2",
    "i",
    "rd",
    "rb",
    "ri",
    "d",
    "rs",
    "≡3~",
    "≡3+",
    "≡3-",
    "≡7~",
    "≡7+",
    "≡7-",
    "≡9",
    "≡15",
    "≡20",
    "≡23",
    "≡32",
    (xor("≡23", (-1)::TINYINT) | xor(xor("≡20", (-1)::TINYINT), -("≡20" = (-16)::TINYINT)::TINYINT)) AS "≡45"
  FROM (SELECT "id",
    "rt",
    "s",
    "s2",
    "i",
    "rd",
    "rb",
    "ri",
    "d",
    "rs",
    "≡3~",
    "≡3+",
    "≡3-",
    "≡7~",
    "≡7+",
    "≡7-",
    (CASE WHEN "ri2" = -1 THEN (CASE WHEN "i" <> (-9223372036854775807 - 1) THEN -"i"::BIGINT END) ELSE "i"::BIGINT // "ri2"::BIGINT END) AS "≡9",
    (coalesce("i", 0))::BIGINT AS "≡15",
    (-((2 < "≡7~"))::TINYINT & "≡7+" | "≡7-") AS "≡20",
    -((5e-01 < "rd" AND "rd" <= 'infinity'::DOUBLE))::TINYINT AS "≡23",
    (xor(-(("i" IS NULL))::TINYINT, (-1)::TINYINT) & -("rb")::TINYINT) AS "≡32"
  FROM (SELECT "id",
    "rt",
    "s",
    "s2",
    "i",
    "ri2",
    "rd",
    "rb",
    "ri",
    "d",
    "rs",
    coalesce("b", (false)::BOOLEAN) AS "≡3~",
    -("b" IS NOT NULL)::TINYINT AS "≡3+",
    (-("b" IS NULL)::TINYINT & (-16)::TINYINT) AS "≡3-",
    coalesce("i", (0)::BIGINT) AS "≡7~",
    -("i" IS NOT NULL)::TINYINT AS "≡7+",
    (-("i" IS NULL)::TINYINT & (-16)::TINYINT) AS "≡7-"
  FROM "snapshot"."rows")))

-- counts
SELECT count(*) AS rows,
  count_if("in_big")::BIGINT AS m0,
  count(*) - count("in_big") AS u0,
  CASE WHEN count(CASE WHEN "in_big" THEN "value" END) = count(CASE WHEN "in_big" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_big" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_big" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v0,
  count_if("in_empty_text")::BIGINT AS m1,
  CASE WHEN count(CASE WHEN "in_empty_text" THEN "value" END) = count(CASE WHEN "in_empty_text" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_empty_text" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_empty_text" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v1,
  count_if("in_known")::BIGINT AS m2,
  CASE WHEN count(CASE WHEN "in_known" THEN "value" END) = count(CASE WHEN "in_known" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_known" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_known" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v2,
  count_if("size" = 'small')::BIGINT AS m3,
  count(*) - count("size") AS u3,
  CASE WHEN count(CASE WHEN "size" = 'small' THEN "value" END) = count(CASE WHEN "size" = 'small' THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "size" = 'small' THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "size" = 'small' THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v3,
  count_if("size" = 'middle')::BIGINT AS m4,
  count(*) - count("size") AS u4,
  CASE WHEN count(CASE WHEN "size" = 'middle' THEN "value" END) = count(CASE WHEN "size" = 'middle' THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "size" = 'middle' THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "size" = 'middle' THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v4,
  count_if("size" = 'large')::BIGINT AS m5,
  count(*) - count("size") AS u5,
  CASE WHEN count(CASE WHEN "size" = 'large' THEN "value" END) = count(CASE WHEN "size" = 'large' THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "size" = 'large' THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "size" = 'large' THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v5,
  count_if("in_not_big")::BIGINT AS m6,
  count(*) - count("in_not_big") AS u6,
  CASE WHEN count(CASE WHEN "in_not_big" THEN "value" END) = count(CASE WHEN "in_not_big" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_not_big" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_not_big" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v6,
  count_if("in_ratio_high")::BIGINT AS m7,
  count(*) - count("in_ratio_high") AS u7,
  CASE WHEN count(CASE WHEN "in_ratio_high" THEN "value" END) = count(CASE WHEN "in_ratio_high" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "in_ratio_high" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "in_ratio_high" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v7,
  count_if("persona_anna")::BIGINT AS m8,
  count(*) - count("persona_anna") AS u8,
  CASE WHEN count(CASE WHEN "persona_anna" THEN "value" END) = count(CASE WHEN "persona_anna" THEN "≡value" END) THEN (coalesce(sum(CASE WHEN "persona_anna" THEN "≡value" END), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum(CASE WHEN "persona_anna" THEN "≡value" END), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS v8,
  CASE WHEN count("value") = count("≡value") THEN (coalesce(sum("≡value"), 0)::HUGEINT // 1000000000)::DOUBLE + (coalesce(sum("≡value"), 0)::HUGEINT % 1000000000)::DOUBLE / 1e9 END AS value
FROM (SELECT *, CASE WHEN abs("value") < 1e20 THEN round("value" * 1e9)::HUGEINT END AS "≡value" FROM "result"."row")

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
  count_if("kind" IS NULL AND "persona_anna")::BIGINT AS s50,
  count_if("kind_null" AND "persona_anna")::BIGINT AS s51,
  count_if("kind_null" IS NULL AND "persona_anna")::BIGINT AS s52
FROM (SELECT *, CASE WHEN abs("operand_7") < 1e20 THEN round("operand_7" * 1e9)::HUGEINT END AS "≡""operand_7""" FROM "result"."row")
