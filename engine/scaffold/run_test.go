package scaffold

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"personae/engine"
)

// TestDraftsRun publishes a first version from each draft: what `init` writes
// runs as it is, and says something.
func TestDraftsRun(t *testing.T) {
	shared := sharedData(t)
	own := t.TempDir()
	for name, c := range map[string]struct {
		files    []string
		segments int // at least; 0 for files that are about nobody
		personas int
	}{
		"shop":         {shop(t, own), 7, 1},
		"retail":       {[]string{filepath.Join(shared, "online_retail/online_retail.parquet")}, 8, 1},
		"campaign iso": {[]string{filepath.Join(shared, "customer_personality/marketing_campaign_semicolon_iso_bom.csv")}, 3, 1},
		"campaign dmy": {[]string{filepath.Join(shared, "customer_personality/marketing_campaign_comma_ddmmyyyy.csv")}, 3, 1},
		"leads":        {[]string{filepath.Join(shared, "leads/Leads.csv")}, 3, 1},
		"reviews":      {[]string{filepath.Join(shared, "clothing_reviews/Womens Clothing E-Commerce Reviews.csv")}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, dir := project(t, c.files...)
			out, list, err := engine.Run(context.Background(), engine.Options{Root: dir, DataDirs: r.DataDirs, Now: today, Threads: 2})
			if err != nil || list.HasErrors() {
				t.Fatalf("run: %v\n%s", err, show(list))
			}
			if _, err := os.Stat(out.FrontPage); err != nil {
				t.Errorf("no front page: %v", err)
			}
			checkReport(t, out, c.segments, c.personas)
		})
	}
}

// checkReport holds a first version to what a draft promises: groups with
// somebody in them, and statements that are true of the data that they are from.
func checkReport(t *testing.T, out *engine.Outcome, segments, personas int) {
	t.Helper()
	filled := 0
	for _, s := range out.Report.Segments {
		if s.Size.Members.Value != nil && *s.Size.Members.Value > 0 {
			filled++
		}
	}
	for _, s := range out.Report.Segmentations {
		if s.Unknown.Value == nil || *s.Unknown.Value > 0 {
			t.Errorf("%s: cannot tell for %+v", s.Name, s.Unknown)
		}
		for _, g := range s.Groups {
			t.Logf("%s %s", g.Name, g.Size.Members.Text)
			if g.Size.Members.Value != nil && *g.Size.Members.Value > 0 {
				filled++
			}
		}
	}
	if filled < segments {
		t.Errorf("%d groups with members, want %d: %+v", filled, segments, out.Report.Segments)
	}
	if len(out.Report.Personas) != personas {
		t.Fatalf("%d personas, want %d", len(out.Report.Personas), personas)
	}
	for _, p := range out.Report.Personas {
		claims := p.Meter.Claims
		if claims["holds"] < 2 || claims["broken"]+claims["too_few"]+claims["cannot_tell"] > 0 {
			t.Errorf("claims: %v", claims)
		}
		for _, s := range p.Sections {
			for _, one := range s.Statements {
				t.Logf("%s [%s]", one.Text, one.Status)
			}
		}
	}
}
