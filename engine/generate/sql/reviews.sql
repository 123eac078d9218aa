-- reviews: one row a review, as CSV. Researchers write most; a returned order reads badly. Some carry a phone number, an
-- address or a link, so that redaction has something to find. The first chunk adds reviews by nobody and ratings in words.
WITH chosen AS (
    SELECT *, child(ok, 'review', 0) AS rk FROM baskets WHERE u(ok, 'reviews') < CASE style WHEN 'researcher' THEN 0.085 WHEN 'impulsive' THEN 0.022 ELSE 0.029 END
), rated AS (
    SELECT *, CASE WHEN u(rk, 'rating') < CASE WHEN returned THEN 0.55 WHEN style = 'hunter' THEN 0.13 ELSE 0.09 END THEN 1
        WHEN u(rk, 'rating') < CASE WHEN returned THEN 0.80 ELSE 0.17 END THEN 2
        WHEN u(rk, 'rating') < CASE WHEN returned THEN 0.90 ELSE 0.30 END THEN 3
        WHEN u(rk, 'rating') < 0.56 THEN 4 ELSE 5 END AS rating
    FROM chosen
), said AS (
    SELECT *, CASE WHEN rating <= 2 THEN 1 WHEN rating = 3 THEN 2 ELSE 3 END AS mood, getvariable('product_name')[line_product(lines[1])] AS product,
        least(moment + 259200 + floor(pow(u(rk, 'waits'), 2) * 5000000)::BIGINT, 1767213000) AS written
    FROM rated
), composed AS (
    SELECT *, concat_ws(' ',
        CASE WHEN u(rk, 'opens') < 0.86 THEN replace(phrase(getvariable('openers'), mood, rk, 'opener'), '{p}', lower(product)) END,
        aspect(u(rk, 'which'), mood, rk, 'aspect'),
        CASE WHEN u(rk, 'life') < CASE mood WHEN 1 THEN 0.16 ELSE 0.40 END THEN pick(getvariable('lives')[situation], rk, 'life phrase') END,
        CASE WHEN u(rk, 'more') < 0.05 AND mood <> 2 THEN CASE mood WHEN 1 THEN 'To be fair:' ELSE 'One grumble:' END END,
        CASE WHEN u(rk, 'more') < 0.42 THEN aspect(u(rk, 'which') * 0.5 + CASE WHEN u(rk, 'which') < 0.5 THEN 0.5 ELSE 0.0 END,
            CASE WHEN u(rk, 'more') < 0.05 THEN 4 - mood ELSE mood END, rk, 'aspect b') END,
        CASE WHEN u(rk, 'closes') < 0.40 THEN phrase(getvariable('closers'), mood, rk, 'closer') END,
        CASE WHEN u(rk, 'contact') < 0.012 THEN pick(getvariable('contacts'), rk, 'contact phrase') END) AS body
    FROM said
)
SELECT 'R' || order_id AS review_id, customer_id, product, getvariable('product_category')[line_product(lines[1])] AS category, rating::VARCHAR AS rating,
    CASE WHEN u(k, 'hand') < 0.11 THEN lower(body) WHEN u(k, 'hand') < 0.17 THEN replace(body, '.', '!') WHEN u(k, 'hand') < 0.22 THEN replace(body, '. ', chr(10)) ELSE body END AS text,
    iso(written) AS written_at, u(rk, 'publish') < 0.72 AS publish
FROM composed
UNION ALL
SELECT 'X' || d, CASE WHEN d <= getvariable('anonymous_reviews') THEN NULL ELSE customer_key(1 + (d * 104729) % getvariable('customers')) END, 'Watering can, 9 litres', 'garden tools',
    CASE WHEN d <= getvariable('anonymous_reviews') THEN (1 + d % 5)::VARCHAR ELSE 'five' END,
    CASE WHEN d <= getvariable('anonymous_reviews') THEN aspect(((d * 37) % 100) / 100.0, CASE WHEN d % 5 < 2 THEN 1 WHEN d % 5 = 2 THEN 2 ELSE 3 END, hash(d), 'by nobody') ELSE 'Five stars.' END,
    iso(1735689600 + (d * 86413) % 31000000), d % 2 = 0
FROM range(1, getvariable('dirty_reviews')::BIGINT + 1) r(d) WHERE getvariable('lo') = 1
