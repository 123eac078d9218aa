package compile

import (
	"regexp"
	"strconv"

	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

var (
	wholeLiteral   = regexp.MustCompile(`^-?([0-9]+|0x[0-9a-fA-F]+)$`)
	decimalLiteral = regexp.MustCompile(`^-?([0-9]+\.[0-9]+([eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)$`)
)

// resolveParams reads the parameters as CEL literals: 500 is a whole number,
// 500.0 a number with decimals, true a bool; all else, and what stands in
// quotes, is text.
func resolveParams(m *spec.Module, diags *diag.List) map[string]any {
	files := map[string]*source.File{}
	for _, f := range m.Files {
		files[f.Path] = f
	}
	out := map[string]any{}
	for _, p := range m.Parameters {
		for _, e := range p.Values {
			name := e.Key.Value()
			if _, taken := out[name]; taken {
				continue // spec has reported it
			}
			out[name] = paramValue(e.Value, quoted(files, e.Value.Range()), diags)
		}
	}
	return out
}

// quoted says whether a scalar is written in quotes.
func quoted(files map[string]*source.File, r source.Range) bool {
	f := files[r.File]
	if f == nil || r.Start.Line == 0 || r.Start.Byte >= len(f.Bytes) {
		return false
	}
	c := f.Bytes[r.Start.Byte]
	return c == '"' || c == '\''
}

func paramValue(t source.Text, quoted bool, diags *diag.List) any {
	v := t.Value()
	switch {
	case quoted:
		return v
	case v == "true" || v == "false":
		return v == "true"
	case wholeLiteral.MatchString(v):
		n, err := strconv.ParseInt(v, 0, 64)
		if dec, decErr := strconv.ParseInt(v, 10, 64); decErr == nil {
			n, err = dec, nil // 010 is ten, as in CEL
		}
		if err != nil {
			diags.Report("bad-value", t.Range(), "The number %s is too large", quote(v)).Detail = "Whole numbers go up to 9223372036854775807. Write it with a decimal point."
			return int64(0)
		}
		return n
	case decimalLiteral.MatchString(v):
		x, err := strconv.ParseFloat(v, 64)
		if err != nil {
			diags.Report("bad-value", t.Range(), "The number %s is too large", quote(v))
			return 0.0
		}
		return x
	}
	return v
}
