package render

import (
	"bytes"
	"encoding/json"
	"fmt"

	"personae/engine/report"
)

// JSON is report.json: the report as it is, indented, as report.Schema describes
// it. It fails for numbers that
// JSON has no way to write.
func JSON(r *report.Report) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is read by programs and by people, never inside a page
	e.SetIndent("", "  ")
	if err := e.Encode(r.Complete()); err != nil {
		return nil, fmt.Errorf("the report cannot be written as JSON: %w", err)
	}
	return b.Bytes(), nil
}
