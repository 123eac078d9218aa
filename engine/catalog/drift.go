package catalog

import (
	"personae/engine/diag"
	"personae/engine/source"
)

// Drift compares the recorded catalog with that of the data. Vanished columns
// and changed types are errors: rules would read something else than what was
// checked. What may be empty now and could not before is a warning, and what
// is new is worth knowing. at is the place that diagnostics point to: the lock
// file.
func Drift(locked, actual *Catalog) diag.List {
	var list diag.List
	at := source.Range{File: LockPath}
	for _, was := range locked.Tables {
		is := actual.Table(was.Name)
		if is == nil {
			list.Warnf("lock-drift", at, "Dataset %s is recorded and is not in the project any more", was.Name).Detail = "If that is meant, record it with `personae check --lock`."
			continue
		}
		tableDrift(&list, at, was, is)
	}
	for _, is := range actual.Tables {
		if locked.Table(is.Name) == nil {
			list.Infof("lock-drift", at, "Dataset %s is new", is.Name).Detail = "Record it with `personae check --lock`."
		}
	}
	return list
}

func tableDrift(list *diag.List, at source.Range, was, is *Table) {
	var names []string
	for _, c := range is.Columns {
		if was.Column(c.Name) == nil {
			names = append(names, c.Name)
		}
	}
	for _, old := range was.Columns {
		c := is.Column(old.Name)
		if c == nil {
			d := list.Errorf("column-missing", at, "Column %s.%s vanished from the data", was.Name, old.Name)
			d.Detail = "Rules that use it cannot be calculated. If it was renamed, say so with `from`; if it is gone for good, record that with `personae check --lock`."
			if near := diag.Suggest(old.Name, names); near != "" {
				d.Detail = "Is it called " + near + " now? " + d.Detail
			}
			continue
		}
		columnDrift(list, at, was.Name, old, c)
	}
	for _, name := range names {
		list.Infof("lock-drift", at, "Column %s.%s is new", is.Name, name).Detail = "Record it with `personae check --lock`."
	}
	if was.Key != is.Key || was.Of != is.Of || was.By != is.By || was.Time != is.Time || was.Entity != is.Entity {
		list.Warnf("lock-drift", at, "Dataset %s has another key, owner, time or entity than recorded", was.Name).Detail = "If that is meant, record it with `personae check --lock`."
	}
}

func columnDrift(list *diag.List, at source.Range, table string, was, is *Column) {
	before, now := was.Type, is.Type
	before.Nullable, now.Nullable = false, false
	switch {
	case before.String() != now.String():
		list.Errorf("column-type-changed", at, "Column %s.%s was %s and is %s now", table, was.Name, before, now).Detail =
			"Rules were checked for the old type. Declare its type under `columns`, correct the data, or record the change with `personae check --lock`."
	case !was.Type.Nullable && is.Type.Nullable:
		list.Warnf("lock-drift", at, "Column %s.%s may be empty now", table, was.Name).Detail =
			"Rules may not be able to tell for such rows. Declare `required: true` if it must not be, or record the change with `personae check --lock`."
	case was.Type.Nullable && !is.Type.Nullable:
		list.Infof("lock-drift", at, "Column %s.%s is never empty now", table, was.Name).Detail = "Record it with `personae check --lock`."
	}
}
