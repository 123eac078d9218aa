-- leads: firms that may buy, one to twenty customers. Budget, authority, need and time really do decide whether they convert.
WITH drawn AS (
    SELECT i, hash(xor(hash(i + 7000000000), hash(getvariable('seed')::BIGINT))) AS k FROM range(1, getvariable('leads')::BIGINT + 1) r(i)
), told AS (
    SELECT *, pick(['owner', 'owner', 'director', 'buyer', 'buyer', 'office manager', 'office manager', 'assistant', 'intern', 'Select'], k, 'role') AS role,
        floor(pow(10, 2.7 + 1.9 * u(k, 'budget')) / 50) * 50 AS budget,
        pick(['refit', 'new site', 'outdoor seating', 'staff gifts', 'just looking', 'just looking', 'Select'], k, 'need') AS need,
        pick(['this month', 'this quarter', 'this year', 'this year', 'no plans', 'no plans', 'Select'], k, 'timeline') AS timeline,
        pick(['web form', 'trade fair', 'referral', 'cold call', 'newsletter', 'shop'], k, 'source') AS source
    FROM drawn
), judged AS (
    SELECT *, -4.2 + CASE WHEN role IN ('owner', 'director') THEN 1.5 WHEN role = 'buyer' THEN 0.9 ELSE 0.0 END + CASE WHEN budget > 10000 THEN 1.6 WHEN budget > 3000 THEN 0.7 ELSE 0.0 END
        + CASE WHEN need IN ('refit', 'new site', 'outdoor seating') THEN 1.2 WHEN need = 'staff gifts' THEN 0.5 ELSE 0.0 END
        + CASE timeline WHEN 'this month' THEN 1.5 WHEN 'this quarter' THEN 1.0 ELSE 0.0 END + CASE source WHEN 'referral' THEN 0.9 WHEN 'cold call' THEN -0.7 ELSE 0.0 END AS odds
    FROM told
)
SELECT 'L' || printf('%05d', i) AS lead_id,
    pick(getvariable('surnames'), k, 'firm') || ' ' || pick(['& Sons', 'Hotels', 'Interiors', 'Landscapes', 'Coffee Ltd', 'Lettings', 'Events', 'Care Homes'], k, 'kind') AS company,
    pick(getvariable('women'), k, 'first') || ' ' || pick(getvariable('surnames'), k, 'last') AS contact,
    'lead' || i || '@example.net' AS email, '+44 7700 900' || printf('%03d', floor(u(k, 'phone') * 1000)::BIGINT) AS phone,
    pick(['hospitality', 'offices', 'care', 'property', 'landscaping', 'events', 'retail', 'Select'], k, 'sector') AS sector,
    getvariable('places')[1 + floor(u(k, 'place') * 100)::BIGINT].city AS city, role,
    CASE WHEN i % 25 = 3 THEN '' WHEN i % 100 = 11 THEN 'n/a' WHEN i % 200 = 42 THEN '1,234.5' WHEN i % 200 = 77 THEN 'abc' ELSE budget::BIGINT::VARCHAR END AS budget,
    need, timeline, source, strftime(day(1704067200 + floor(u(k, 'created') * 60000000)::BIGINT), '%Y-%m-%d') AS created_on,
    floor(1 + u(k, 'calls') * 8)::INTEGER AS contacts_made,
    CASE WHEN u(k, 'converts') < 1 / (1 + exp(-odds)) THEN 1 ELSE 0 END AS converted,
    CASE WHEN u(k, 'refuses') < 0.07 THEN 'yes' ELSE 'no' END AS do_not_call
FROM judged
