package evaluate

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/celenv"
)

// celLoop evaluates every segment for a sample of the rows with cel-go on both
// cores, from Go slices filled beforehand, and scales to all rows. Reading is
// not counted, in cel-go's favour.
func (b *bench) celLoop(t *testing.T, sample int) time.Duration {
	t.Helper()
	record := celenv.RecordOf(b.env, "customer")
	var names []string
	for _, f := range record.Fields() {
		names = append(names, f.Column)
	}
	data := make([][]ref.Val, 0, sample)
	rows, err := b.w.db.sql.Query(fmt.Sprintf("SELECT %s FROM snapshot.customers LIMIT %d", strings.Join(names, ", "), sample))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		cells, pointers := make([]any, len(names)), make([]any, len(names))
		for i := range cells {
			pointers[i] = &cells[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			t.Fatal(err)
		}
		values := make([]ref.Val, len(cells))
		for i, c := range cells {
			values[i] = types.DefaultTypeAdapter.NativeToValue(c)
		}
		data = append(data, values)
	}
	programs := make([]cel.Program, len(b.segments))
	for i, s := range b.segments {
		ast, issues := b.env.Compile(s.cel())
		if issues.Err() != nil {
			t.Fatal(issues.Err())
		}
		if programs[i], err = b.env.Program(ast, cel.EvalOptions(cel.OptOptimize)); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	var wg sync.WaitGroup
	for core := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			members := make([]int, len(programs))
			for r := core; r < len(data); r += 2 {
				in := map[string]any{"customer": celenv.NewRecord(record, data[r]), "now": asOf}
				for i, p := range programs {
					if v, _, err := p.Eval(in); err == nil && v == types.True {
						members[i]++
					}
				}
			}
		}()
	}
	wg.Wait()
	return time.Since(start) * time.Duration(b.rows) / time.Duration(len(data))
}
