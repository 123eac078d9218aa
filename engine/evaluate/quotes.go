package evaluate

import (
	"context"
	"fmt"
	"strings"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// lookedAt is how many texts at most a persona's quotes are picked from: those
// whose digests are smallest, which has nothing to do with the order of rows.
const lookedAt = 2000

// quotes reads the words that personas may quote.
func (s *Snapshot) quotes(ctx context.Context, p *plan.Plan, stands map[string]*standing) ([]results.Quotes, error) {
	var out []results.Quotes
	for _, q := range p.Quotes {
		query, err := sqlgen.QuoteSQL(q, sqlgen.DuckDB{}, s.AsOf)
		if err != nil {
			return nil, err
		}
		m := &memory{now: map[string]any{}}
		if entity := stands[q.Entity]; entity != nil {
			m = entity.memory
		}
		found, err := answer(m, s.quotesKey(m, query), func() (*results.Quotes, error) { return s.quotesOf(ctx, q, query) })
		if err != nil {
			return nil, fmt.Errorf("the quotes of %s cannot be read: %w", q.Persona, duckdb.PlainError(err))
		}
		quotes := *found
		quotes.Persona = q.Persona
		out = append(out, quotes)
	}
	return out, nil
}

// quotesKey stands for who is quoted and what the rows are; "" where it cannot
// be known.
func (s *Snapshot) quotesKey(m *memory, query string) string {
	key, ok := m.key(query)
	if !ok {
		return ""
	}
	return key + s.content()
}

func (s *Snapshot) quotesOf(ctx context.Context, q plan.Quotes, query string) (*results.Quotes, error) {
	out := &results.Quotes{Persona: q.Persona, Anyone: q.By == ""}
	row, err := s.db.One(ctx, "SELECT count(*) AS n, (count(DISTINCT who) + count_if(who IS NULL))::BIGINT AS authors FROM ("+query+")")
	if err != nil {
		return nil, err
	}
	out.Rows, out.Authors = row.Whole("n"), row.Whole("authors")
	length := fmt.Sprintf("length(trim(t)) BETWEEN %d AND %d", sqlgen.ShortestQuote, 2*sqlgen.LongestQuote)
	authors := map[string]int{}
	err = s.db.Each(ctx, fmt.Sprintf("SELECT * FROM (%s) WHERE %s ORDER BY md5(t), t, who LIMIT %d", query, length, lookedAt), func(r duckdb.Row) error {
		text, _ := r["t"].(string)
		var names []string
		for i := range len(q.Names) + len(q.OwnerNames) {
			if name, _ := r[fmt.Sprintf("n%d", i)].(string); strings.TrimSpace(name) != "" {
				names = append(names, name)
			}
		}
		who, known := r["who"].(string)
		author, seen := authors[who]
		if !known || !seen {
			author = len(out.Texts)
			if known {
				authors[who] = author
			}
		}
		out.Texts = append(out.Texts, results.QuotedText{Text: redact(text, names), Author: author})
		return nil
	})
	return out, err
}
