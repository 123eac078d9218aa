package render

import (
	"bytes"
	"encoding/json"
	"fmt"

	"personae/engine/report"
)

// JSON is report.json: the report as it is, indented. It fails for numbers that
// JSON has no way to write.
func JSON(r *report.Report) ([]byte, error) {
	c := *r
	c.Populations = full(c.Populations)
	c.Segments = full(c.Segments)
	c.Segmentations = full(c.Segmentations)
	c.Personas = full(c.Personas)
	c.Overlaps = full(c.Overlaps)
	c.Datasets = full(c.Datasets)
	c.Notices = full(c.Notices)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is read by programs and by people, never inside a page
	e.SetIndent("", "  ")
	if err := e.Encode(c); err != nil {
		return nil, fmt.Errorf("the report cannot be written as JSON: %w", err)
	}
	return b.Bytes(), nil
}

// full makes a list that a reader may count on: [] and never null.
func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
