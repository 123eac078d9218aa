-- A line of an order as one number, in decimal places from the right: 3 percentage of the full price that is paid,
-- 2 quantity, 7 full price of a piece in pence, product. Zero is no line. Lines are written out six times in
-- baskets.sql, not as a lambda: inside lambdas DuckDB neither folds constants nor shares subexpressions.
CREATE OR REPLACE TEMP MACRO product_of(lk, gift, theme, reach) AS
    (category_of(CASE WHEN gift AND u(lk, 'as a gift') < 0.75 THEN 5 WHEN u(lk, 'off topic') < 0.15 THEN 6 ELSE theme END, u(lk, 'category')) - 1) * 8
    + 1 + floor(8 * pow(u(lk, 'shelf'), 1 / reach) * 0.99999)::BIGINT;
-- Prices rise by four and a half per cent a year.
CREATE OR REPLACE TEMP MACRO priced_product(product, year) AS product * 10000000 + getvariable('product_pence')[product] * (1000 + 45 * (year - 2022)) // 10000 * 10;
CREATE OR REPLACE TEMP MACRO line_of(lk, gift, theme, reach, business, bargain, year) AS
    priced_product(product_of(lk, gift, theme, reach), year) * 100000
    + CASE WHEN business THEN 2 + floor(13 * pow(u(lk, 'many'), 2)) WHEN u(lk, 'many') < 0.86 THEN 1 ELSE 2 + floor(u(lk, 'more') * 2) END::BIGINT * 1000
    + CASE WHEN u(lk, 'offer') < bargain THEN pick([90, 85, 80, 80, 75, 70, 70, 60, 50], lk, 'cut') ELSE 100 END;
CREATE OR REPLACE TEMP MACRO line_product(line) AS line // 1000000000000;
CREATE OR REPLACE TEMP MACRO line_quantity(line) AS line // 1000 % 100;
CREATE OR REPLACE TEMP MACRO line_percent(line) AS line % 1000;
CREATE OR REPLACE TEMP MACRO line_pence(line) AS line // 100000 % 10000000 * line_percent(line) // 100;
-- Pence for the whole line, before and after the offer.
CREATE OR REPLACE TEMP MACRO line_full(line) AS line // 100000 % 10000000 * line_quantity(line);
CREATE OR REPLACE TEMP MACRO line_paid(line) AS line_pence(line) * line_quantity(line);
