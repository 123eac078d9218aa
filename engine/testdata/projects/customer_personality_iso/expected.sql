-- Whom each rule of this project takes, worked out from the raw file and from what the rules say, not from the engine.
-- Run it where customer_personality/ lies. One row a group: members, those for whom it cannot be told, and what the members spent.
WITH raw AS (
  SELECT * FROM read_csv('customer_personality/marketing_campaign_semicolon_iso_bom.csv', delim = ';', header = true, all_varchar = true)
), person AS (
  SELECT "ID"::BIGINT AS id,
    2014 - "Year_Birth"::INT AS age,
    replace("Education", ';', ' ') = '2n Cycle' AS second_cycle,
    "Education" AS education,
    CASE "Marital_Status" WHEN 'Alone' THEN 'Single' WHEN 'YOLO' THEN NULL WHEN 'Absurd' THEN NULL ELSE "Marital_Status" END AS marital,
    CASE WHEN "Income" = '666666' THEN NULL ELSE "Income"::INT END AS income,
    "Kidhome"::INT AS kids, "Teenhome"::INT AS teens,
    "Dt_Customer"::DATE AS joined,
    DATE '2014-07-01' - "Dt_Customer"::DATE AS tenure,
    "Recency"::INT AS idle,
    "MntWines"::INT AS wine,
    list_sum(list_transform(["MntWines", "MntFruits", "MntMeatProducts", "MntFishProducts", "MntSweetProducts", "MntGoldProds"], lambda x: x::INT)) AS spent,
    "NumDealsPurchases"::INT AS deals, "NumWebPurchases"::INT AS web, "NumCatalogPurchases"::INT AS catalogue, "NumStorePurchases"::INT AS store,
    "AcceptedCmp1"::INT + "AcceptedCmp2"::INT + "AcceptedCmp3"::INT + "AcceptedCmp4"::INT + "AcceptedCmp5"::INT + "Response"::INT AS answers,
    "NumWebVisitsMonth"::INT AS visits, "Complain" = '1' AS complained
  FROM raw
), labelled AS (
  SELECT *,
    CASE WHEN tenure < 180 THEN 'newcomer' WHEN idle <= 30 THEN 'active' WHEN idle <= 60 THEN 'cooling' ELSE 'sleeping' END AS lifecycle,
    CASE WHEN income >= 70000 THEN 'high' WHEN income >= 35000 THEN 'middle' WHEN income < 35000 THEN 'low' END AS income_band,
    -- Nobody's status is asked for with an operator that an empty cell could fail: the four without one count as couples.
    CASE WHEN kids > 0 THEN 'small_children' WHEN teens > 0 THEN 'teenagers'
      WHEN coalesce(marital, '') IN ('Single', 'Divorced', 'Widow') THEN 'single_adult' ELSE 'couple' END AS household
  FROM person
), verdict AS (
  SELECT id, spent, unnest([
    {g: 'families', v: kids + teens > 0},
    {g: 'high_spenders', v: spent >= 1200},
    {g: 'wine_lovers', v: 2 * wine > spent AND wine >= 200},
    {g: 'deal_seekers', v: deals >= 3 AND 4 * deals > web + catalogue + store},
    {g: 'web_shoppers', v: web > greatest(store, catalogue)},
    {g: 'campaign_responders', v: answers > 0},
    {g: 'loyal_responders', v: answers > 2},
    {g: 'recently_joined', v: tenure <= 90},
    {g: 'joined_2012', v: year(joined) = 2012},
    {g: 'complainers', v: complained},
    {g: 'income_unknown', v: income IS NULL},
    {g: 'well_off', v: income >= 70000},
    {g: 'well_off_families', v: CASE WHEN kids + teens = 0 THEN false ELSE income >= 70000 END},
    {g: 'modest_or_frugal', v: CASE WHEN spent < 100 THEN true ELSE income < 70000 END},
    {g: 'lives_alone', v: coalesce(marital, '') IN ('Single', 'Divorced', 'Widow')},
    {g: 'second_cycle', v: second_cycle},
    {g: 'academics', v: second_cycle OR education IN ('PhD', 'Master')},
    {g: 'best_agers', v: age >= 60},
    {g: 'lifecycle/newcomer', v: lifecycle = 'newcomer'}, {g: 'lifecycle/active', v: lifecycle = 'active'},
    {g: 'lifecycle/cooling', v: lifecycle = 'cooling'}, {g: 'lifecycle/sleeping', v: lifecycle = 'sleeping'},
    {g: 'income_band/high', v: income_band = 'high'}, {g: 'income_band/middle', v: income_band = 'middle'}, {g: 'income_band/low', v: income_band = 'low'},
    {g: 'household/small_children', v: household = 'small_children'}, {g: 'household/teenagers', v: household = 'teenagers'},
    {g: 'household/single_adult', v: household = 'single_adult'}, {g: 'household/couple', v: household = 'couple'},
    {g: 'persona/nora', v: spent >= 1200 AND 2 * wine > spent AND wine >= 200},
    {g: 'problem/customers/Nobody is older than 113', v: age >= 114},
    {g: 'rows/customers', v: true}
  ], recursive := true)
  FROM labelled
), nora AS (
  SELECT *, kids + teens AS children FROM labelled WHERE spent >= 1200 AND 2 * wine > spent AND wine >= 200
)
SELECT g AS "group", count(*) FILTER (v) AS members, count(*) - count(v) AS unknown,
  CASE WHEN g NOT LIKE 'rows/%' AND g NOT LIKE 'problem/%' THEN coalesce(sum(spent) FILTER (v), 0) END AS value
FROM verdict GROUP BY g
-- What the persona says: members are those whom a number rests on, value is the number.
UNION ALL SELECT 'stat/nora/count()', count(*), 0, count(*) FROM nora
UNION ALL SELECT 'stat/nora/median(customer.age)', count(age), 0, quantile_cont(age, 0.5) FROM nora
UNION ALL SELECT 'stat/nora/median(customer.income)', count(income), 0, quantile_cont(income, 0.5) FROM nora
UNION ALL SELECT 'stat/nora/percentile(customer.web_visits, 75)', count(*), 0, quantile_cont(visits, 0.75) FROM nora
UNION ALL SELECT 'stat/nora/avg(customer.wine_share)', count(*), 0, avg(wine / spent) FROM nora
UNION ALL SELECT 'stat/nora/share(customer.children == 0)', count(*), 0, avg(if(children = 0, 1, 0)) FROM nora
UNION ALL SELECT 'stat/nora/share(customer.children > 0)', count(*), 0, avg(if(children > 0, 1, 0)) FROM nora
UNION ALL SELECT 'stat/nora/share(segment.well_off)', count(income), count(*) - count(income), round(count(*) FILTER (income >= 70000) / count(income), 2) FROM nora -- whole per cent: few cannot tell
UNION ALL SELECT 'stat/nora/share(segment.deal_seekers)', count(*), 0, avg(if(deals >= 3 AND 4 * deals > web + catalogue + store, 1, 0)) FROM nora
UNION ALL SELECT 'stat/nora/lift(segment.campaign_responders)', count(*), 0, avg(if(answers > 0, 1, 0)) / (SELECT avg(if(answers > 0, 1, 0)) FROM person) FROM nora
ORDER BY 1
