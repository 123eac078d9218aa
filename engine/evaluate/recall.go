package evaluate

import (
	"context"
	"regexp"
	"strings"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/sqlgen"
)

// memory holds what queries over one entity's results have given, by what they
// ask and by the digests of the columns that they ask it of: as long as those
// stand, so do the answers.
type memory struct {
	rows    string            // digest of which rows there are
	digests map[string]string // of outputs by name
	before  map[string]any    // answers of the evaluation before
	now     map[string]any    // answers of this one, found or recalled
}

// remember begins the memory of an evaluation, with what stands of the one
// before.
func (s *standing) remember(before *standing, p *plan.EntityPlan) *memory {
	m := &memory{rows: s.rows, digests: map[string]string{}, now: map[string]any{}}
	for _, o := range p.Outputs() {
		m.digests[o.Name] = s.digests[o.Name] // "" where there is none
	}
	if before != nil {
		m.before = before.memory.now
	}
	return m
}

// recalled gives an answer that stands.
func (m *memory) recalled(key string) (any, bool) {
	if key == "" {
		return nil, false
	}
	if v, ok := m.now[key]; ok {
		return v, true
	}
	v, ok := m.before[key]
	if ok {
		m.now[key] = v
	}
	return v, ok
}

var quotedName = regexp.MustCompile(`"(?:[^"]|"")*"`)

// key stands for a piece of SQL over the results. ok is false where it reads a
// column whose values may differ under one name.
func (m *memory) key(sql string) (key string, ok bool) {
	ok = true
	key = quotedName.ReplaceAllStringFunc(sql, func(quoted string) string {
		name := strings.ReplaceAll(quoted[1:len(quoted)-1], `""`, `"`)
		digest, known := m.digests[name]
		switch {
		case known && digest == "":
			ok = false
		case known:
			return "<" + digest + ">"
		}
		return quoted
	})
	return m.rows + "\n" + key, ok
}

// keyOf stands for an item of a row: with what the columns that it reads are
// made from.
func (m *memory) keyOf(r sqlgen.Row, i sqlgen.Item) (string, bool) {
	text := i.SQL
	for _, c := range r.Columns {
		if strings.Contains(i.SQL, c.As) {
			text += "\n" + c.SQL
			// Its own name says nothing: the same column may have another.
			text = strings.ReplaceAll(text, c.As, "?")
		}
	}
	return m.key(text)
}

// row answers the items of a row, and asks the database only for those that
// nothing stands for.
func (s *Snapshot) row(ctx context.Context, m *memory, r sqlgen.Row) (duckdb.Row, error) {
	out := duckdb.Row{}
	keys := map[string]string{}
	query := r.Only(func(i sqlgen.Item) bool {
		key, ok := m.keyOf(r, i)
		if ok {
			if v, stands := m.recalled(key); stands {
				out[i.As] = v
				return false
			}
			keys[i.As] = key
		}
		return true
	})
	if query == "" {
		return out, nil
	}
	found, err := s.db.One(ctx, query)
	for as, v := range found {
		out[as] = v
		if key, ok := keys[as]; ok {
			m.now[key] = v
		}
	}
	return out, err
}

// answer answers by key, or works the answer out and keeps it; "" is never kept.
func answer[T any](m *memory, key string, f func() (T, error)) (T, error) {
	if v, stands := m.recalled(key); stands {
		return v.(T), nil
	}
	v, err := f()
	if err == nil && key != "" {
		m.now[key] = v
	}
	return v, err
}

// again is one over the results alone, which need not be asked twice.
func (s *Snapshot) again(ctx context.Context, m *memory, query string) (duckdb.Row, error) {
	key, ok := m.key(query)
	if !ok {
		key = ""
	}
	return answer(m, key, func() (duckdb.Row, error) { return s.db.One(ctx, query) })
}

// content stands for all that was loaded: for answers that read more than the
// results.
func (s *Snapshot) content() string {
	var text strings.Builder
	for _, h := range s.Health {
		text.WriteString(" " + h.Dataset + " " + h.Fingerprint)
	}
	return text.String()
}
