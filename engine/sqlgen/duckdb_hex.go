package sqlgen

// Numbers in texts as Go reads them: digits may be grouped by one underscore
// each, and 0x begins hexadecimal digits, whose exponent is one of two.
const (
	digits        = `\d+(_\d+)*`
	hexDigits     = `[\da-fA-F]+(_[\da-fA-F]+)*`
	decimalNumber = `[+-]?(` + digits + `[.]?(` + digits + `)?|[.]` + digits + `)([eE][+-]?` + digits + `)?`
	hexNumber     = `[+-]?0[xX](_?` + hexDigits + `[.]?(` + hexDigits + `)?|[.]` + hexDigits + `)[pP][+-]?` + digits
)

// hexValue is a hexadecimal number without its sign: m are its digits, those
// behind the point in b, n the first 15 of them with a bit that says whether
// others follow, e the exponent of n, of which Go reads five digits, and k how
// many bits of n a double has no place for: the rest is rounded to the nearest,
// of two to the even one. What is too large is NULL.
const hexValue = `list_transform([lower(replace({0}, '_', ''))], lambda s: list_transform([regexp_extract(s, '[.]([\da-f]*)', 1)], lambda b: list_transform([ltrim(regexp_extract(s, 'x([\da-f]*)', 1) || b, '0')], lambda m:
    list_transform([('0x0' || left(m, 15))::BIGINT * 2 + (ltrim(substring(m, 16), '0') <> '')::BIGINT], lambda n: list_transform([` + hexExponent + `], lambda e: list_transform([greatest(length(bin(n)) - 53, -1074 - e, 1)], lambda k:
    CASE WHEN m = '' OR k > length(bin(n)) THEN 0e0 ELSE list_transform([` + hexRounded + `], lambda x: CASE WHEN isfinite(x) THEN x END)[1] END)[1])[1])[1])[1])[1])[1]`

const (
	hexExponent = `('0' || left(ltrim(regexp_extract(s, 'p[+-]?(.*)', 1), '0'), 5))::BIGINT * (CASE WHEN contains(s, 'p-') THEN -1 ELSE 1 END) + 4 * (greatest(length(m) - 15, 0) - length(b)) - 1`
	hexRounded  = `((n + (1 << k) // 2 - 1 + ((n >> k) & 1)) >> k)::DOUBLE * pow(2e0, e + k)`
)
