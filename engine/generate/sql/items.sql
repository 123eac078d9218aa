-- items of one year: one row a line of an order. Prices are per piece, after the offer.
SELECT order_id, line::INTEGER AS line, getvariable('product_name')[line_product(l)] AS product, getvariable('product_category')[line_product(l)] AS category,
    getvariable('product_brand')[line_product(l)] AS brand, line_quantity(l)::INTEGER AS quantity, pounds(line_pence(l)) AS price, line_percent(l) < 100 AS on_offer
FROM (SELECT order_id, unnest(lines) AS l, unnest(range(1, len(lines) + 1)) AS line FROM baskets WHERE year = getvariable('year'))
