package diag

import "sort"

// Code is one kind of finding.
type Code struct {
	Name        string // kebab-case; never changes once released
	Severity    Severity
	Title       string // what it is about, in a few words
	Explanation string // one paragraph: why it is a problem and what to do
}

// Lookup gives the entry of a code.
func Lookup(name string) (Code, bool) {
	i := sort.Search(len(Codes), func(i int) bool { return Codes[i].Name >= name })
	if i < len(Codes) && Codes[i].Name == name {
		return Codes[i], true
	}
	return Code{}, false
}

// Codes is the table of all kinds of findings, sorted by name. To add one, add an entry at its place.
var Codes = []Code{
	{"always-fails", Error, "An expression can never be calculated",
		"Whatever the data, the expression ends in an error: a division by zero, a number out of range, a conversion that cannot work. Nobody would ever be in the group."},

	{"bad-as-of", Error, "The as-of instant cannot be read",
		"as_of is `today`, `latest`, or an instant such as 2026-01-31T00:00:00Z. It is the moment for which everything is calculated, so it must be exact."},

	{"bad-duration", Error, "A length of time cannot be read",
		"Lengths of time are written as days(30), hours(12), minutes(5) or weeks(2). Months and years have no fixed length: write days(30) or days(365)."},

	{"bad-format", Error, "A date or number format cannot be used",
		"A format uses the letters of strptime: %Y year, %m month, %d day, %H hour, %M minute, %S second. Write exactly what stands in the file, separators included."},

	{"bad-name", Error, "A name has characters that names cannot have",
		"Names are used in expressions and as column names. They start with a small letter and go on with small letters, digits and underscores: lapsing_big_spenders. Put the words for people into `title`."},

	{"bad-portrait", Error, "A portrait's image cannot be used",
		"A portrait that is a `file` is embedded in every page that shows the face: it is a PNG, JPEG or WebP picture, by its content, inside the project's folder, and at most 2 MB."},

	{"bad-statistic", Error, "A statistic asks for what it may not",
		"In a persona the entity is a member and lives inside a statistic, statistics do not nest, percentiles go from 5 to 95, and there is no smallest or largest: they are people. Put the member inside share(), median(), top() and the like."},

	{"bad-value", Error, "A value is not one of the allowed ones",
		"The key knows a fixed set of values, or a range. The message lists them."},

	{"cel-syntax", Error, "An expression cannot be read",
		"The expression is not CEL. Often a bracket or quote is missing, or YAML took a part of it away. Where an expression holds : # { or starts with ! or a quote, write it as a block after `|-`."},

	{"cel-too-large", Error, "An expression grows too large",
		"A list under a name is put in place of that name wherever it is read, so lists that name each other more than once multiply. Name each once, or keep what is asked of them as a value, as in x.size()."},

	{"cel-type", Error, "An expression mixes types",
		"CEL does not convert between types on its own: a number with a decimal point (2.5), a whole number (2), text, dates and lengths of time are different types. Convert one side, or write the literal in the other type."},

	{"check-failed", Warning, "A check on a dataset does not hold",
		"Rows of the dataset break a rule in its `checks`. The message counts them. Correct the data, or the rule; `severity: error` makes a failing check stop the run."},

	{"claim-broken", Warning, "A statement about a persona is no longer true",
		"The statement's number was measured and is on the wrong side of what it says. Rewrite the statement, or the persona's `who`, or accept that these people have changed."},

	{"collision", Error, "Two things want the same name",
		"Columns, calculated values and relations of one entity share their names, and so do all groups of a project, since each becomes a column of the published tables. Rename one of the two."},

	{"column-missing", Error, "A column is not in the data",
		"A rule or a dataset uses a column that the data does not have. It was renamed, removed, or misspelled. Where the file calls it by another name, say so with `from:`."},

	{"column-type-changed", Error, "A column has another type than before",
		"The data now holds another type than the lock file schemas/catalog.lock.yaml recorded. If that is right, look through the rules that use the column, then run `personae check --lock`."},

	{"column-unreadable", Error, "No value of a column can be read",
		"Every single value differs from the type or format that the dataset declares. That is no dirt: the declaration is wrong. Correct `type`, `format` or `decimal`, or say `on_error: \"null\"` if the column may be lost."},

	{"conflicting-keys", Error, "Two keys exclude each other",
		"Each of the keys says the same thing in another way, and only one of them can count. Delete the others."},

	{"constant-condition", Warning, "A condition has the same answer for everyone",
		"The condition does not depend on the data: it lets in everyone, or no one. Most often a name is compared with itself, or two conditions exclude each other. Correct it, or delete it."},

	{"control-character", Error, "A character cannot be in a file of rules",
		"The file holds a character that cannot be seen and that YAML does not allow: a NUL, an escape, a byte order mark in the middle. Delete it; often the file is not text at all."},

	{"cycle", Error, "Things depend on each other in a circle",
		"A value cannot be calculated from itself, not even by way of others. The related places show the circle. Take one of them out of it."},

	{"dangling-references", Warning, "Rows reference what is not there",
		"A column that `references` another dataset holds keys that no row there has. The rows stay, and rules see a reference that is not set: has() is false. Check whether both files are of the same day."},

	{"data-changed-while-read", Error, "A file changed while it was read",
		"What was checked is not what was calculated, so the run stopped. Write files under another name and rename them when they are complete, then run again."},

	{"data-corrupt", Error, "A data file cannot be read",
		"The file is damaged, cut off, or not of the kind that its name says. Fetch it again, or correct `source`."},

	{"data-missing", Error, "A data file is not there",
		"The path in `source` names a file that does not exist. Paths are relative to the project. Folders outside the project must be named with --data when Personae starts."},

	{"database-error", Error, "The database gave up",
		"DuckDB stopped with an error that Personae does not know. The message is DuckDB's own. Please report it."},

	{"decided-by-row", Info, "A part of a rule is worked out row by row",
		"The database has no exact form of this part, so CEL itself decides it, and only for the rows that the rest of the rule leaves open. The result is exact. It takes about a microsecond a row: cheap conditions beside it, joined with &&, keep the rows few."},

	{"deprecated-rule", Warning, "A rule should no longer be used",
		"Whoever owns the rule has retired it and says why, and often what to use instead. Replace it before it is deleted."},

	{"duplicate-key", Error, "A key is written twice",
		"A YAML mapping has each key once. Of two, one would silently be lost. Delete or merge one of them."},

	{"duplicate-name", Error, "A name is used twice",
		"Each name of one kind stands for one thing in the whole project, across all files. Rename or delete one of the two."},

	{"duplicate-rows", Warning, "Rows share a key",
		"Two rows with one key are two opinions about one customer. Say which one counts, with on_duplicate: first or last and a complete order_by; or remove the duplicates where they come from."},

	{"empty-file", Error, "A file holds nothing",
		"The file is empty, as one is whose saving was cut short: reading it as it stands would lose the rules that it had. Write a document that starts with `kind:`, or delete the file."},

	{"empty-is-not-equal", Warning, "An empty value counts as different",
		"With an empty city, `customer.city != 'Berlin'` is true: everyone whose city is not known is let in. If that is not meant, ask for the value too: has(customer.city) && customer.city != 'Berlin'."},

	{"empty-value", Error, "A key has no value",
		"The key is written and nothing follows it. Write a value, or delete the key."},

	{"file-too-large", Error, "A file is too large",
		"Rule files are written by people and stay small; this one is larger than Personae reads. Data belongs into data files that a `source` names."},

	{"file-unreadable", Error, "A file cannot be opened",
		"The file is there but the system does not let it be read. Check its permissions."},

	{"glob-matches-nothing", Error, "A pattern matches no file",
		"No file fits the pattern in `source`. An empty dataset would make every group empty, so this stops the run. Correct the pattern or put the files there."},

	{"hole", Error, "An expression cannot be calculated here",
		"This part of the expression can only be worked out row by row, and here a number over all rows is needed, or rows of other tables stand beside it. Use a form that the database can calculate, or give each of the two a calculated value of its own."},

	{"int-division", Warning, "Division of whole numbers drops the rest",
		"In CEL 7 / 2 is 3. If the exact result is meant, convert: double(a) / double(b). If dropping is meant, write the division as a calculated value of its own and say so in its description."},

	{"internal", Error, "Something in Personae itself went wrong",
		"This is a defect of Personae, not of your files. Please report it with the message."},

	{"invalid-utf8", Error, "A file is not UTF-8",
		"Files of rules and datasets are UTF-8 text. Save the file as UTF-8 in the editor. For data files, name their encoding in `encoding`."},

	{"key-type-mismatch", Error, "Two keys have different types",
		"A relation joins a key with the column named by `by`. If one is text and the other a number, nothing fits, or the wrong rows do. Declare the same type for both in `columns`."},

	{"literal-needs-double", Error, "A number needs a decimal point",
		"The column holds numbers with decimals, and CEL does not compare them with whole numbers. Write 500.0 instead of 500."},

	{"lock-drift", Warning, "The data differs from the lock file",
		"The columns, their types or their emptiness are not as schemas/catalog.lock.yaml recorded them. If that is right, run `personae check --lock` and commit the file."},

	{"lock-missing", Warning, "There is no lock file",
		"Without schemas/catalog.lock.yaml, `check` knows the columns only where the data is. Run `personae check --lock` once and commit the file."},

	{"lock-unreadable", Error, "The lock file cannot be used",
		"schemas/catalog.lock.yaml is written by Personae and was damaged or edited. Restore it from git, or write it anew with `personae check --lock`."},

	{"memberships-lost", Warning, "The version before does not say who was in",
		"A segment with `leave` keeps who was in the version before, and the rows of that version are gone. This version is calculated as if nobody had been in."},

	{"missing-key", Error, "A key is missing",
		"This kind of document needs the key. The message names it."},

	{"near-version", Warning, "Two versions differ by few people",
		"Two versions of the same instant show numbers that differ by fewer people than a small group: a rule was changed by a little, or few rows of the data. Each hides its own small groups, and neither can hide this one, so who has both can work it out. Share one of the two, or remove the folder of the other before anybody has it."},

	{"no-document", Warning, "A file has no document",
		"The file has comments and nothing else, so no rule comes from it. Write a document that starts with `kind:`, or delete the file."},

	{"no-project", Error, "No project was found",
		"A project is a folder with `datasets/` and `rules/`. Go to one, name one with --project, or make one with `personae init FILE`."},

	{"no-rules", Warning, "There are no rules",
		"The project has datasets and nothing that is evaluated over them, so its report is about the data alone. Write a segment under rules/, or restore what was deleted."},

	{"not-given", Error, "A test does not say what a rule needs",
		"A test has only the rows that it gives. Columns that are never empty, ranks, which compare with everybody, and the instant of a test that depends on the clock have to be written."},

	{"not-published", Error, "Words are quoted that may not be published",
		"What customers wrote is theirs. A quote is shown in reports that are passed on, so the owner of the data has to say that the column may be published: `publish: true`."},

	{"not-supported-yet", Error, "This cannot be done yet",
		"The form is part of the language and this version of Personae does not calculate it. It is refused so that nothing is silently left out."},

	{"null-keys", Warning, "Rows have no key",
		"A row without its key belongs to nobody. Such rows are left out and counted."},

	{"orphan-rows", Warning, "Rows belong to nobody",
		"The rows name a customer that is not in the data. They are left out, and counted with their value. Check whether both files are of the same day; `orphans: ignore` accepts them."},

	{"output-unwritable", Error, "The result cannot be written",
		"The folder cannot be written to, or the disk is full. Nothing was published; the last version is still the current one."},

	{"path-outside-project", Error, "A path leaves the project",
		"Rules may come from strangers, in a pull request, so they can name only files inside the project. Whoever starts Personae can allow other folders with --data."},

	{"pii-exposed", Error, "Personal data would be shown",
		"The column is marked `pii: true`. Its values, and whatever is calculated from them, do not leave in reports, statistics or quotes. Use yes-or-no conditions over it, or take it out."},

	{"rejected-cells", Warning, "Values cannot be read",
		"Cells do not fit the type of their column. They are treated as empty, and counted. Correct the data, or declare how it is written: `format`, `decimal`, `null_values`."},

	{"rejected-rows", Warning, "Rows cannot be read",
		"Lines of the file have too many or too few cells, or broken quotes. They are left out, and counted. Correct the file, or declare its `delimiter` and `quote`."},

	{"reserved-name", Error, "A name is taken by the language",
		"The name is a word of CEL or means something in every rule (now, params, segment, segmentation, score, journey, evidence). Choose another one; for a column, rename it with `from:`."},

	{"review-date-passed", Warning, "A review is due",
		"The date in `review_by` has passed. Read the persona again with the people who know these customers, then move the date."},

	{"rules-gone", Error, "All rules are gone",
		"There were rules, and now the project has none: their folder was moved, or is not mounted yet. What is published stands. Bring the folder back; a report without rules goes to another folder, with --reports."},

	{"sensitive-without-purpose", Error, "A sensitive column is used without a purpose",
		"The column is marked `sensitive: true`. A rule that uses it must say why, in `purpose`, so that it can be looked up later."},

	{"size-out-of-bounds", Warning, "A group is not of its expected size",
		"The group is smaller or larger than `expect` says. Either the data is wrong, or the rule, or the expectation."},

	{"sql-error", Error, "The SQL of a dataset cannot be run",
		"DuckDB does not accept the SELECT in `source.sql`. It may use the other datasets by their names, and nothing else."},

	{"sql-not-select", Error, "The SQL of a dataset is not one SELECT",
		"`source.sql` is one SELECT over other datasets. Statements that change something, several statements, and reading files or settings are refused."},

	{"stale-data", Warning, "The data is old",
		"The newest row is older than `fresh` allows. The report says so on its first page. Bring newer data, or check whether the delivery stopped."},

	{"statement-without-basis", Error, "Nothing says how a statement is known",
		"Every statement about a persona is measured (an expression), researched (`source: research.finding`) or assumed (`assumed: true`), and readers are told which. Write one of the three."},

	{"test-failed", Error, "A rule does not say what a test expects",
		"The rule gives another answer for the rows of the test than the one that is expected. Either the rule is wrong, or the test. The message says what decided."},

	{"type-not-supported", Error, "A column has a type that rules cannot use",
		"The column is a nested or unusual type. Choose what is needed from it with a `sql` dataset, or do not use the column."},

	{"uncertain-guess", Info, "Personae guessed",
		"Something was not said and was concluded from the data. The message says what. Write it down if it is right, correct it if not."},

	{"unknown-key", Error, "A key is not known",
		"This kind of document has no such key. It is an error, not ignored, since a misspelled key would otherwise do nothing without anyone noticing."},

	{"unknown-kind", Error, "A kind is not known",
		"Each document says what it is with `kind`: Project, Dataset, Parameters, Traits, Segment, Segmentation, Score, Journey, Persona, Research, Export or Test."},

	{"unknown-name", Error, "A name is not known",
		"The expression or key uses a name that nothing in the project has: no column, calculated value, group or parameter. The message names the nearest one."},

	{"unused", Warning, "Something is never used",
		"It is defined and no rule, persona or export uses it. Delete it, or use it."},

	{"wrong-type", Error, "A value has the wrong form",
		"The key wants another form of value: text, a number, true or false, a list, or keys of its own. The message says which."},

	{"yaml-alias", Error, "An anchor or alias is used",
		"Anchors (&), aliases (*) and merge keys (<<) are not allowed: a reader must see what a rule says where it says it. Write the value out, or make it a parameter or a calculated value."},

	{"yaml-quotes", Error, "A value needs quotes",
		"YAML gives a meaning of its own to : # , quotes, brackets and some first characters, and would cut the value there. Put the whole value in quotes, or write it as a block after `|-`, where everything stands for itself."},

	{"yaml-syntax", Error, "A file is not YAML",
		"The file cannot be read as YAML from this place on. Most often the indentation is off, or text with : or # in it needs quotes or a block after `|-`."},

	{"yaml-tab", Error, "A tab is used for indentation",
		"YAML is indented with spaces. Replace the tab; most editors can do that for the whole file."},

	{"yaml-tag", Error, "A YAML tag is used",
		"A value that starts with ! is a tag to YAML, and the rule would be empty without anyone noticing. For an expression that starts with !, put it in quotes or into a block after `|-`."},

	{"yaml-too-deep", Error, "A file is nested too deeply",
		"Nothing in a project needs this many levels. The file was probably generated or damaged."},
}
