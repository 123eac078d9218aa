-- customers: who they are, as the shop's records say. The dirt listed in the package comment is put in here,
-- by id, so that its numbers are known.
WITH described AS (
    SELECT *,
        CASE WHEN situation IN ('young family', 'school family', 'single parent') THEN 1 + (u(k, 'children') < kids - 0.9)::INTEGER + (u(k, 'third') < 0.14)::INTEGER ELSE 0 END AS children,
        CASE WHEN situation = 'student' THEN 'student' WHEN situation = 'retired' THEN 'retired'
             WHEN business THEN pick(['shop owner', 'office manager', 'hotelier', 'landscape gardener', 'cafe owner', 'interior designer'], k, 'job')
             WHEN situation IN ('young family', 'single parent') AND u(k, 'works') < 0.14 THEN 'homemaker'
             WHEN u(k, 'works') > 0.965 THEN 'looking for work'
             WHEN age > 30 AND u(k, 'works') > 0.90 THEN 'self-employed'
             ELSE pick(['nurse', 'teacher', 'engineer', 'software developer', 'electrician', 'plumber', 'accountant', 'civil servant', 'shop assistant', 'driver', 'designer', 'care worker',
                 'solicitor', 'chef', 'warehouse worker', 'marketing manager', 'doctor', 'scientist', 'police officer', 'administrator'], k, 'job') END AS occupation,
        CASE u(k, 'gender') < 0.56 WHEN true THEN 'female' ELSE CASE WHEN u(k, 'gender') > 0.985 THEN 'non-binary' ELSE 'male' END END AS gender,
        CASE WHEN u(k, 'script') < 0.04 THEN pick(getvariable('scripts'), k, 'which script') END AS script
    FROM people
), schooled AS (
    SELECT *,
        CASE WHEN occupation IN ('doctor', 'solicitor', 'scientist') THEN 'postgraduate'
             WHEN occupation IN ('teacher', 'engineer', 'software developer', 'accountant', 'designer', 'marketing manager') THEN CASE WHEN u(k, 'degree') < 0.25 THEN 'postgraduate' ELSE 'degree' END
             WHEN occupation = 'student' THEN 'a levels'
             WHEN u(k, 'degree') < 0.12 + 0.10 * place.wealth - (age > 62)::INTEGER * 0.10 THEN 'degree'
             WHEN u(k, 'degree') < 0.42 THEN 'a levels'
             WHEN u(k, 'degree') < 0.68 THEN 'apprenticeship'
             ELSE 'gcse' END AS education,
        CASE WHEN script IS NULL THEN pick(CASE WHEN gender = 'female' OR (gender = 'non-binary' AND u(k, 'either') < 0.5) THEN getvariable('women') ELSE getvariable('men') END, k, 'first name')
             ELSE pick(CASE WHEN gender = 'female' THEN script['women'] ELSE script['men'] END, k, 'first name') END AS first_name,
        CASE WHEN script IS NULL THEN pick(getvariable('surnames'), k, 'last name') ELSE pick(script['last'], k, 'last name') END AS last_name,
        CASE WHEN u(k, 'home') < place.flats * CASE situation WHEN 'student' THEN 1.4 WHEN 'young single' THEN 1.3 WHEN 'young couple' THEN 1.15 WHEN 'retired' THEN 0.7 WHEN 'school family' THEN 0.45 WHEN 'young family' THEN 0.6 ELSE 0.9 END THEN 'flat'
             WHEN age > 60 AND u(k, 'house') < 0.22 THEN 'bungalow'
             WHEN u(k, 'house') < 0.42 THEN 'terraced' WHEN u(k, 'house') < 0.72 THEN 'semi-detached' WHEN u(k, 'house') < 0.90 THEN 'detached' ELSE 'bungalow' END AS home_type
    FROM described
), paid AS (
    SELECT *,
        29500 * earns * place.wealth * exp(0.38 * z(k, 'income'))
            * CASE education WHEN 'postgraduate' THEN 1.55 WHEN 'degree' THEN 1.28 WHEN 'a levels' THEN 1.0 WHEN 'apprenticeship' THEN 0.95 ELSE 0.82 END
            * CASE occupation WHEN 'looking for work' THEN 0.5 WHEN 'homemaker' THEN 0.8 WHEN 'care worker' THEN 0.8 WHEN 'software developer' THEN 1.25 WHEN 'doctor' THEN 1.35 ELSE 1.0 END
            * CASE home_type WHEN 'detached' THEN 1.2 ELSE 1.0 END * CASE style WHEN 'premium' THEN 1.4 WHEN 'hunter' THEN 0.9 ELSE 1.0 END * (0.75 + 0.25 * least(1.0, (age - 17) / 20.0)) AS earned
    FROM schooled
)
SELECT
    CASE WHEN i > getvariable('customers') + getvariable('duplicates') THEN NULL ELSE customer_id END AS customer_id,
    first_name, last_name,
    lower(CASE WHEN script IS NULL THEN regexp_replace(strip_accents(first_name || '.' || last_name), '[^A-Za-z.]', '', 'g') ELSE 'customer' END)
        || id || '@' || pick(['example.com', 'example.org', 'example.net'], k, 'mail') AS email,
    CASE WHEN id % 400 = 16 THEN '   ' WHEN u(k, 'phone') < 0.22 THEN NULL ELSE '+44 7700 900' || printf('%03d', floor(u(k, 'number') * 1000)::BIGINT) END AS phone,
    CASE WHEN id % 2000 = 501 THEN DATE '1893-01-01' ELSE DATE '2025-12-31' - (age * 365.25 + floor(u(k, 'birthday') * 365))::INTEGER END AS born_on,
    CASE WHEN u(k, 'says') < 0.03 THEN NULL ELSE gender END AS gender,
    CASE WHEN id % 200 = 9 THEN place.city || '  ' WHEN id % 250 = 12 THEN upper(place.city) WHEN id % 500 = 13 THEN lower(place.city) ELSE place.city END AS city,
    place.region AS region, place.area AS postcode_area, home_type,
    (CASE WHEN situation = 'retired' AND u(k, 'alone') < 0.42 THEN 1 WHEN situation = 'student' THEN 1 + floor(u(k, 'alone') * 4) ELSE adults END + children)::INTEGER AS household_size,
    children::INTEGER AS children,
    CASE WHEN id % 125 IN (7, 57, 99) THEN NULL WHEN id % 4000 = 2003 THEN 666666 ELSE round(earned / 100) * 100 END::DOUBLE AS income,
    CASE WHEN id % 500 = 18 THEN '' ELSE education END AS education,
    CASE WHEN id % 500 = 17 THEN '   ' ELSE occupation END AS occupation,
    CASE WHEN u(k, 'stage') < 0.05 THEN NULL ELSE situation END AS life_stage,
    CASE WHEN business THEN pick(getvariable('surnames'), k, 'last name') || ' ' || pick(['& Co', 'Hotels', 'Interiors', 'Gardens', 'Coffee', 'Lettings'], k, 'firm') END AS company,
    instant(utc(joined)) AS joined_at,
    came_by AS acquisition_channel,
    CASE WHEN u(k, 'store') < 0.24 THEN NULL ELSE store END AS home_store,
    CASE WHEN mover THEN day(moved) WHEN u(k, 'address') < 0.2 THEN day(joined) + floor(u(k, 'address b') * 300)::INTEGER END AS moved_on,
    (browser OR u(k, 'newsletter') < CASE style WHEN 'hunter' THEN 0.72 WHEN 'impulsive' THEN 0.5 ELSE 0.42 END) AS newsletter,
    CASE WHEN champion AND orders > 8 THEN 'gold' WHEN orders * purse > 22 THEN 'gold' WHEN orders * purse > 9 THEN 'silver' WHEN orders > 1 THEN 'bronze' ELSE 'none' END AS loyalty_tier,
    u(k, 'staff') < 0.008 AS is_staff
FROM paid
