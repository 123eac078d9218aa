-- survey: every fifth customer answered in 2025; written with semicolons, a byte order mark, decimal commas and day.month.year.
-- What people say goes with what they do, more or less. The first chunk adds answers by people who are not customers.
WITH asked AS (
    SELECT *, (2.6 + CASE style WHEN 'impulsive' THEN 1.1 WHEN 'researcher' THEN -1.0 WHEN 'premium' THEN 0.3 ELSE 0.0 END + CASE WHEN age < 30 THEN 0.5 WHEN age > 62 THEN -0.6 ELSE 0.0 END + 0.75 * z(k, 'risk')) AS risk,
        greatest(5, 38 * purse * (0.5 + 0.09 * least(orders, 20)) * exp(0.35 * z(k, 'budget'))) AS budget
    FROM people WHERE id % 5 = 2
)
SELECT customer_id AS "Customer", strftime(day(1740000000 + floor(u(k, 'answered') * 9000000)::BIGINT), '%d.%m.%Y') AS "Answered on",
    CASE WHEN u(k, 'stage said') < 0.04 THEN '' ELSE situation END AS "Life stage",
    CASE WHEN style = 'hunter' AND u(k, 'values') < 0.70 THEN 'price' WHEN style = 'premium' AND u(k, 'values') < 0.65 THEN 'quality' WHEN follower AND u(k, 'values') < 0.5 THEN 'what friends say'
         WHEN style = 'impulsive' AND u(k, 'values') < 0.45 THEN 'convenience' WHEN style = 'researcher' AND u(k, 'values') < 0.55 THEN 'quality' WHEN u(k, 'values') > 0.86 THEN 'sustainability'
         WHEN kids > 0 AND u(k, 'values') < 0.75 THEN 'family' ELSE pick(['quality', 'price', 'convenience', 'sustainability'], k, 'value') END AS "What matters most",
    concat_ws(', ', CASE interest WHEN 1 THEN 'gardening' WHEN 2 THEN 'hiking' WHEN 3 THEN 'decorating' WHEN 4 THEN 'crafts with children' WHEN 5 THEN 'hosting' WHEN 6 THEN 'cooking' ELSE 'my business' END,
        CASE WHEN u(k, 'also') < 0.5 THEN pick(['reading', 'cycling', 'gaming', 'baking', 'football', 'camping', 'wild swimming', 'television', 'music'], k, 'also what') END) AS "Interests",
    CASE WHEN id % 500 = 472 THEN 'n/a' ELSE least(5, greatest(1, round(6 - risk)))::INTEGER::VARCHAR END AS "Risk aversion (5 = avoids risk)",
    CASE WHEN id % 500 = 22 THEN 'n/a' WHEN id % 1000 = 37 THEN '1,234.5' WHEN id % 1000 = 42 THEN 'abc' WHEN id % 1000 = 47 THEN '  ' ELSE replace(printf('%.2f', budget), '.', ',') END AS "Monthly budget",
    least(10, greatest(0, round(7.2 + CASE WHEN champion THEN 1.4 WHEN lapsing THEN -2.6 ELSE 0.0 END + 1.8 * z(k, 'recommends'))))::INTEGER AS "Recommends us (0-10)",
    CASE WHEN u(k, 'owns') < CASE WHEN age < 30 THEN 0.12 WHEN age < 45 THEN 0.52 ELSE 0.78 END THEN 'yes' ELSE 'no' END AS "Owns home",
    CASE WHEN u(k, 'buys late') < CASE WHEN night THEN 0.8 ELSE 0.1 END THEN 'at night' WHEN kids > 0 THEN 'evenings' ELSE pick(['mornings', 'lunch break', 'evenings', 'weekends'], k, 'buys when') END AS "Shops mostly"
FROM asked
UNION ALL
SELECT customer_key(getvariable('customers') + 5000 + d), '01.06.2025', '', 'price', 'reading', '3', '20,00', 5, 'no', 'weekends'
FROM range(1, getvariable('survey_orphans')::BIGINT + 1) r(d) WHERE getvariable('lo') = 1
