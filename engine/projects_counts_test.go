package engine_test

import (
	"bytes"
	"cmp"
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"personae/engine"
	"personae/engine/compile"
	"personae/engine/results"
)

// count is a line of expected.csv: how many are in a group, for how many it
// cannot be told, and what the members are worth; "" where nothing is.
type count struct {
	Members, Unknown int64
	Value            string
}

// tooFew stands for a number of people that is not published: one to four.
const tooFew = -1

// expectedCounts runs a project's expected.sql over the raw files.
func expectedCounts(t *testing.T, name string) map[string]count {
	t.Helper()
	query, err := os.ReadFile(filepath.Join(projectsPath, name, "expected.sql"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := filepath.Abs(realData)
	if err != nil {
		t.Fatal(err)
	}
	db := scratch(t)
	if _, err := db.Exec("SET GLOBAL file_search_path = '" + strings.ReplaceAll(data, "'", "''") + "'"); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT "group", members, unknown, value::DOUBLE FROM (` + string(query) + ")")
	if err != nil {
		t.Fatalf("expected.sql: %v", err)
	}
	defer rows.Close()
	out := map[string]count{}
	for rows.Next() {
		var group string
		var c count
		var value sql.NullFloat64
		if err := rows.Scan(&group, &c.Members, &c.Unknown, &value); err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(group, "stat/") && c.Unknown > 0 && c.Unknown < 5:
			c.Members, c.Unknown, c.Value = tooFew, tooFew, digits(value.Float64)
		case value.Valid && strings.HasPrefix(group, "stat/"):
			c.Value = digits(value.Float64)
		case value.Valid:
			c.Value = money(value.Float64)
		}
		if _, twice := out[group]; twice {
			t.Errorf("expected.sql gives %s twice", group)
		}
		out[group] = c
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// money writes a sum with as many digits as survive any way of adding up.
func money(v float64) string { return fmt.Sprintf("%.2f", v) }

// digits writes a statistic with as many digits as anybody sees.
func digits(v float64) string { return fmt.Sprintf("%.6g", v) }

func writeCounts(counts map[string]count) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"group", "members", "unknown", "value"})
	for _, group := range sortedNames(counts) {
		c := counts[group]
		_ = w.Write([]string{group, fmt.Sprint(c.Members), fmt.Sprint(c.Unknown), c.Value})
	}
	w.Flush()
	return b.Bytes()
}

func readCounts(t *testing.T, path string) map[string]count {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with `go test ./engine -run TestRealTables -update`", err)
	}
	lines, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]count{}
	for _, line := range lines[1:] {
		c := count{Value: line[3]}
		if _, err := fmt.Sscan(line[1]+" "+line[2], &c.Members, &c.Unknown); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out[line[0]] = c
	}
	return out
}

// outcomeCounts gives what the engine found, under the names of expected.csv:
// segment, segmentation/group, persona/name, stat/persona/expression,
// rows/dataset, problem/dataset/what.
func outcomeCounts(t *testing.T, o *engine.Outcome) map[string]count {
	out := map[string]count{}
	addStatistics(t, o, out)
	for _, e := range o.Results.Entities {
		for _, g := range e.Groups {
			c := count{g.Members, g.Unknown, money(g.Value)}
			switch g.Kind {
			case results.Segment:
				out[g.Name] = c
			case results.Segmentation:
				out[g.Parent+"/"+g.Name] = c
			case results.Band:
				out[g.Parent+"/"+g.Name] = c
			case results.Persona:
				out["persona/"+g.Name] = c
			}
		}
	}
	addScores(o, out)
	for _, h := range o.Health {
		out["rows/"+h.Dataset] = count{Members: h.Rows}
		for _, p := range h.Problems {
			what := p.Reason
			if p.Rule != "" {
				what = p.Rule
			}
			c := count{Members: p.Rows}
			if p.HasValue {
				c.Value = money(p.Value)
			}
			out["problem/"+h.Dataset+"/"+what] = c
		}
	}
	return out
}

// addScores adds for whom the parts of scores are true, how many of each band
// have the outcome, and of those whose points are certain and at least as many
// as the best band asks for.
func addScores(o *engine.Outcome, counts map[string]count) {
	for _, e := range o.Project.Rules.Entities {
		for _, r := range e.Rules {
			if r.Score == nil {
				continue
			}
			for _, s := range o.Results.Entities[slices.IndexFunc(o.Results.Entities, func(x results.EntityResults) bool { return x.Entity == e.Name })].Scores {
				if s.Name != r.Name {
					continue
				}
				for i, p := range r.Score.Parts {
					counts["part/"+r.Name+"/"+p.Name] = count{Members: s.Parts[i].Yes, Unknown: s.Parts[i].Unknown}
				}
				for _, b := range s.Bands {
					counts["stat/"+r.Name+"/"+cmp.Or(b.Name, "unknown")] = count{b.Rows - b.Unknown, 0, digits(float64(b.Yes))}
				}
				from := r.Score.Of(r.Score.Bands[0].From)
				var best count
				var yes int64
				for _, step := range s.Gain {
					if step.Points >= from {
						best.Members, yes = best.Members+step.Rows, yes+step.Yes
					}
				}
				best.Value = digits(float64(yes))
				counts["stat/"+r.Name+"/from "+digits(from)+" points"] = best
			}
		}
	}
}

// addStatistics adds what is published about personas, but for lists.
func addStatistics(t *testing.T, o *engine.Outcome, counts map[string]count) {
	t.Helper()
	file := filepath.Join(o.Version.Dir, "stats", "statistics.parquet")
	rows, err := scratch(t).Query("SELECT subject, expression, n, unknown, value FROM '" + file + "' WHERE subject_kind = 'persona' AND starts_with(id, 'stat_') AND expression NOT LIKE 'top(%'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var persona, expression string
		var c count
		var known, unknown sql.NullInt64
		var value float64
		if err := rows.Scan(&persona, &expression, &known, &unknown, &value); err != nil {
			t.Fatal(err)
		}
		c.Value, c.Members, c.Unknown = digits(value), known.Int64, unknown.Int64
		if !unknown.Valid { // with the size of the group, the known ones would give the few away
			c.Members, c.Unknown = tooFew, tooFew
		}
		if known.Valid != unknown.Valid {
			t.Errorf("%s, %s: known %v, unknown %v: one gives the other away", persona, expression, known, unknown)
		}
		counts["stat/"+persona+"/"+expression] = c
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// onlyGroups leaves the segments and the groups of segmentations, without value.
func onlyGroups(counts map[string]count) map[string]count {
	out := map[string]count{}
	for name, c := range counts {
		kind, _, _ := strings.Cut(name, "/")
		if !slices.Contains([]string{"persona", "stat", "part", "rows", "problem"}, kind) {
			out[name] = count{Members: c.Members, Unknown: c.Unknown}
		}
	}
	return out
}

// fileCounts counts the groups in the published rows.
func fileCounts(t *testing.T, o *engine.Outcome) map[string]count {
	t.Helper()
	db, out := scratch(t), map[string]count{}
	for _, e := range o.Project.Rules.Entities {
		file := parquetOf(o, e.Name)
		add := func(group, member, decided string) {
			var c count
			query := fmt.Sprintf("SELECT count(*) FILTER (%s), count(*) FILTER (%s IS NULL) FROM '%s'", member, decided, file)
			if err := db.QueryRow(query).Scan(&c.Members, &c.Unknown); err != nil {
				t.Fatal(err)
			}
			out[group] = c
		}
		for _, r := range e.Rules {
			switch r.Kind {
			case compile.SegmentRule:
				add(r.Name, "in_"+r.Name, "in_"+r.Name)
			case compile.SegmentationRule:
				names := []string{r.Otherwise}
				for _, g := range r.Rungs {
					names = append(names, g.Name)
				}
				for _, g := range names {
					add(r.Name+"/"+g, r.Name+" = '"+g+"'", r.Name)
				}
			case compile.ScoreRule:
				for _, band := range r.Score.Bands {
					add(r.Name+"/"+band.Name, r.Name+"_band = '"+band.Name+"'", r.Name+"_band")
				}
			}
		}
	}
	return out
}

func parquetOf(o *engine.Outcome, entity string) string {
	return filepath.Join(o.Version.Dir, "data", entity+".parquet")
}
