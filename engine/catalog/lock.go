package catalog

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"personae/engine/diag"
	"personae/engine/source"
)

// LockPath is where the lock file stands in a project.
const LockPath = "schemas/catalog.lock.yaml"

// lockHeader says whose file it is.
const lockHeader = `# The recorded columns of every dataset: names, types and whether they may be empty. No values.
# Written by ` + "`personae check --lock`" + `; do not edit. With it, rules can be checked where there is no data.
`

// lockVersion changes when the form of the lock file does.
const lockVersion = 1

// lockFile is the form of the lock file. Fields are written in this order.
type lockFile struct {
	Version  int         `yaml:"version"`
	Datasets []lockTable `yaml:"datasets"`
}

type lockTable struct {
	Name    string       `yaml:"name"`
	Entity  string       `yaml:"entity,omitempty"`
	Role    Role         `yaml:"role"`
	Key     string       `yaml:"key,omitempty"`
	Of      string       `yaml:"of,omitempty"`
	By      string       `yaml:"by,omitempty"`
	Time    string       `yaml:"time,omitempty"`
	Columns []lockColumn `yaml:"columns"`
	Hidden  []lockHidden `yaml:"hidden,omitempty"`
}

type lockColumn struct {
	Name        string `yaml:"name"`
	From        string `yaml:"from,omitempty"` // where it differs from the name
	Type        string `yaml:"type"`           // with ? where it may be empty
	Source      string `yaml:"source"`         // the type in the file
	Title       string `yaml:"title,omitempty"`
	Description string `yaml:"description,omitempty"`
	Unit        string `yaml:"unit,omitempty"`
	Basis       string `yaml:"basis,omitempty"`
	PII         bool   `yaml:"pii,omitempty"`
	Sensitive   bool   `yaml:"sensitive,omitempty"`
	Publish     bool   `yaml:"publish,omitempty"`
	References  string `yaml:"references,omitempty"`
}

type lockHidden struct {
	Name   string `yaml:"name"`
	Source string `yaml:"source"`
	Reason string `yaml:"reason"`
}

// WriteLock gives the bytes of the lock file. The same catalog always gives the same bytes.
func WriteLock(c *Catalog) []byte {
	f := lockFile{Version: lockVersion, Datasets: []lockTable{}}
	for _, t := range c.Tables {
		lt := lockTable{Name: t.Name, Entity: t.Entity, Role: t.Role, Key: t.Key, Of: t.Of, By: t.By, Time: t.Time, Columns: []lockColumn{}}
		for _, col := range t.Columns {
			lc := lockColumn{
				Name: col.Name, From: col.From, Type: col.Type.String(), Source: col.SourceType, Title: col.Title, Description: col.Description,
				Unit: col.Unit, Basis: col.Basis, PII: col.PII, Sensitive: col.Sensitive, Publish: col.Publish, References: col.References,
			}
			if lc.From == lc.Name {
				lc.From = ""
			}
			lt.Columns = append(lt.Columns, lc)
		}
		for _, h := range t.Hidden {
			lt.Hidden = append(lt.Hidden, lockHidden{h.Name, h.SourceType, h.Reason})
		}
		f.Datasets = append(f.Datasets, lt)
	}
	var b bytes.Buffer
	b.WriteString(lockHeader)
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(f); err != nil {
		panic("catalog: the lock file has a form that YAML cannot write: " + err.Error()) // a bug: the form is fixed
	}
	return b.Bytes()
}

// ReadLock reads the lock file back. Where it cannot be used, the catalog is nil.
func ReadLock(f *source.File) (*Catalog, diag.List) {
	var list diag.List
	refuse := func(line int, format string, args ...any) (*Catalog, diag.List) {
		at := f.Whole()
		if line > 0 {
			at = f.Range(f.Offset(line, 1), f.Offset(line, 1)+len(f.Line(line)))
		}
		list.Errorf("lock-unreadable", at, "The lock file cannot be used: "+format, args...).Detail =
			"It is written by Personae and was damaged or edited. Restore it from git, or write it anew with `personae check --lock`."
		return nil, list
	}
	var lock lockFile
	dec := yaml.NewDecoder(bytes.NewReader(f.Bytes))
	dec.KnownFields(true)
	if err := dec.Decode(&lock); err != nil {
		line := 0
		_, _ = fmt.Sscanf(lineOf(err.Error()), "line %d", &line)
		return refuse(line, "it has not the form of one")
	}
	if lock.Version != lockVersion {
		return refuse(0, "it is of version %d, and this program knows version %d", lock.Version, lockVersion)
	}
	c := &Catalog{}
	last := ""
	for _, lt := range lock.Datasets {
		if lt.Name <= last {
			return refuse(0, "dataset %q is not in its place", lt.Name)
		}
		last = lt.Name
		t, bad := lt.table()
		if bad != "" {
			return refuse(0, "dataset %s: %s", lt.Name, bad)
		}
		c.Tables = append(c.Tables, t)
	}
	return c, list
}

func lineOf(message string) string {
	if i := strings.Index(message, "line "); i >= 0 {
		return message[i:]
	}
	return ""
}

func (lt lockTable) table() (*Table, string) {
	switch lt.Role {
	case Root, Relation, Lookup, Evidence:
	default:
		return nil, fmt.Sprintf("%q is no role", lt.Role)
	}
	t := &Table{Name: lt.Name, Entity: lt.Entity, Role: lt.Role, Key: lt.Key, Of: lt.Of, By: lt.By, Time: lt.Time}
	seen := map[string]bool{}
	for _, lc := range lt.Columns {
		typ, err := ParseType(lc.Type)
		if err != nil {
			return nil, fmt.Sprintf("column %s: %s", lc.Name, err)
		}
		if lc.Name == "" || seen[lc.Name] {
			return nil, fmt.Sprintf("column %q is twice there, or has no name", lc.Name)
		}
		seen[lc.Name] = true
		from := lc.From
		if from == "" {
			from = lc.Name
		}
		t.Columns = append(t.Columns, &Column{
			Name: lc.Name, From: from, Type: typ, SQLType: SnapshotType(typ), SourceType: lc.Source, Title: lc.Title, Description: lc.Description,
			Unit: lc.Unit, Basis: lc.Basis, PII: lc.PII, Sensitive: lc.Sensitive, Publish: lc.Publish, References: lc.References,
		})
	}
	for _, h := range lt.Hidden {
		t.Hidden = append(t.Hidden, HiddenColumn{h.Name, h.Source, h.Reason})
	}
	return t, ""
}
