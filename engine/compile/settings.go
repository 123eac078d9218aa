package compile

import (
	"regexp"
	"slices"
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/format"
	"personae/engine/spec"
)

// Defaults of DESIGN section 2.
const (
	defaultLocale   = "en"
	defaultMinGroup = 5
	asOfToday       = "today"
	asOfLatest      = "latest"
)

var (
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
	localeName   = regexp.MustCompile(`^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`)
)

// resolveSettings reads the project's settings. What cannot be read takes its
// default, so that the rest is still checked; spec has reported its form.
func resolveSettings(p *spec.Project, cat *catalog.Catalog, diags *diag.List) Settings {
	if p == nil {
		p = &spec.Project{}
	}
	s := Settings{Name: p.Name.Value(), Zone: time.UTC, Locale: defaultLocale, Currency: p.Currency.Value(), AsOf: asOfToday, MinGroup: defaultMinGroup}
	if zone, err := time.LoadLocation(p.Timezone.Value()); err == nil && p.Timezone.Value() != "Local" {
		s.Zone = zone // of an empty name, UTC
	}
	if l := p.Locale.Value(); localeName.MatchString(l) {
		s.Locale = l
		if _, err := format.New(l, "", s.Zone); err != nil {
			diags.Report("bad-value", p.Locale.Range(), "Numbers cannot be written for %s", quote(l)).Detail = upperFirst(err.Error()) + "."
			s.Locale = defaultLocale
		}
	}
	if _, err := format.New(s.Locale, s.Currency, s.Zone); err != nil {
		if currencyCode.MatchString(s.Currency) {
			diags.Report("bad-value", p.Currency.Range(), "Money cannot be written in %s", quote(s.Currency)).Detail = upperFirst(err.Error()) + "."
		}
		s.Currency = ""
	}
	switch v := p.AsOf.Value(); v {
	case "", asOfToday:
	case asOfLatest:
		s.AsOf = v
	default:
		if _, err := time.Parse(time.RFC3339Nano, v); err == nil {
			s.AsOf = v
		}
	}
	if p.Privacy != nil && p.Privacy.MinGroup.Set && p.Privacy.MinGroup.V >= 1 {
		s.MinGroup = p.Privacy.MinGroup.V
	}
	s.Root = resolveRoot(p, cat, diags)
	return s
}

// resolveRoot gives the entity that rules are about where they do not say: the
// project's root, or the only root that there is.
func resolveRoot(p *spec.Project, cat *catalog.Catalog, diags *diag.List) string {
	roots := rootEntities(cat)
	name := p.Root.Value()
	if name == "" {
		if len(roots) == 1 {
			return roots[0]
		}
		return ""
	}
	if slices.Contains(roots, name) {
		return name
	}
	if t := cat.Entity(name); t != nil {
		diags.Report("bad-value", p.Root.Range(), "%s cannot be the root: its rows belong to others", name).Detail =
			"A root has a key and no `of`. " + choices("Roots are", roots)
		return name
	}
	unknown(diags, p.Root.Range(), "entity", name, roots, "")
	return name
}

// rootEntities lists what rules can be about, sorted.
func rootEntities(cat *catalog.Catalog) []string {
	var out []string
	for _, t := range cat.Tables {
		if t.Role == catalog.Root && t.Entity != "" {
			out = append(out, t.Entity)
		}
	}
	return sortedUnique(out)
}
