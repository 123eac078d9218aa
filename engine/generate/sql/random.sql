-- Draws without a generator: every number is a function of a row's key and the name of the draw.
-- hash() of several arguments combines them by XOR last, so that two draws of a row would determine each
-- other; one more hash over the XOR of key and name breaks that.

-- u: a number in [0, 1) for a key and a name.
CREATE OR REPLACE TEMP MACRO u(k, name) AS (hash(xor(k, hash(name))) >> 11) * 1.1102230246251565e-16;

-- child: the key of the n-th thing that belongs to a key.
CREATE OR REPLACE TEMP MACRO child(k, name, n) AS hash(xor(hash(xor(k, hash(name))), hash(n::BIGINT)));

-- z: about normal with mean 0 and deviation 1 (four 16-bit uniforms from one hash, so |z| < 3.47).
CREATE OR REPLACE TEMP MACRO z16(h) AS ((((h & 65535) + ((h >> 16) & 65535) + ((h >> 32) & 65535) + (h >> 48)) / 65536.0)::DOUBLE - 2.0) * 1.7320508;
CREATE OR REPLACE TEMP MACRO z(k, name) AS z16(hash(xor(k, hash(name))));

-- pick: one element of a list, all equally likely.
CREATE OR REPLACE TEMP MACRO pick(list, k, name) AS list[1 + floor(u(k, name) * len(list))::BIGINT];

-- London wall clock to UTC, in epoch seconds, for 2017 to 2026. Summer time runs from the last Sunday of March
-- to the last Sunday of October, 01:00 UTC. Done here because ICU's conversion costs ten times as much.
SET VARIABLE summer_starts = [1490490000, 1521939600, 1553994000, 1585443600, 1616893200, 1648342800, 1679792400, 1711846800, 1743296400, 1774746000];
SET VARIABLE summer_ends = [1509238800, 1540688400, 1572138000, 1603587600, 1635642000, 1667091600, 1698541200, 1729990800, 1761440400, 1792890000];
CREATE OR REPLACE TEMP MACRO year_slot(local) AS 1 + ((local - 1483228800) // 31557600);
CREATE OR REPLACE TEMP MACRO utc(local) AS local - CASE
    WHEN local >= getvariable('summer_starts')[year_slot(local)] + 3600 AND local < getvariable('summer_ends')[year_slot(local)] + 3600
    THEN 3600 ELSE 0 END;

-- Epoch seconds as what the tables hold. Sums of seconds are whole, so the doubles are exact.
CREATE OR REPLACE TEMP MACRO instant(seconds) AS to_timestamp(seconds::DOUBLE);
CREATE OR REPLACE TEMP MACRO iso(seconds) AS strftime(make_timestamp(seconds::BIGINT * 1000000), '%Y-%m-%dT%H:%M:%SZ');
CREATE OR REPLACE TEMP MACRO day(seconds) AS DATE '1970-01-01' + (seconds // 86400)::INTEGER;

-- year_end: the day after a year's last, in days since 1970.
CREATE OR REPLACE TEMP MACRO year_end(y) AS CASE y WHEN 2023 THEN 19723 WHEN 2024 THEN 20089 ELSE 20454 END;

-- pounds: whole pence as DECIMAL, without a detour over doubles.
CREATE OR REPLACE TEMP MACRO pounds(pence) AS (pence::DECIMAL(12, 0) * 0.01)::DECIMAL(14, 2);

CREATE OR REPLACE TEMP MACRO customer_key(id) AS 'C' || printf('%07d', id);
