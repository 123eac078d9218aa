// Package celenv is the CEL that rules are written in: the types of records,
// the functions that are ours, and one environment for each place where an
// expression may stand.
//
// Input: the tables and the names that a project has. Output: *cel.Env values
// that compile checks against and eval runs. It must not know YAML, rows on
// disk, SQL or the clock: functions that depend on the as-of instant take it
// as an argument.
//
// # How rules look when they are checked
//
// A name with a dot is one identifier: segment.staff, segmentation.lifecycle,
// params.big (whose reference holds its value). A column or trait is a select
// on the identifier of the entity; has() is a select that only tests. Macros
// leave calls that name all their inputs:
//
//	age(t)                 age(t, now)                                  age_timestamp_timestamp
//	daysSince(t)           daysSince(t, now)                            days_since_timestamp_timestamp
//	sample('salt', 10)     sample(string(customer.key), 'salt', 10.0)   sample_string_string_double
//	customer.?x.orValue(d) orValue(_?._(customer, "x"), d)              optional_orValue_value over select_optional_field
//	atLeast(n, p, q)       itself, non-strict                           at_least_2
//	reached('j', 's')       reached('j', 's', reached.j.s)               reached_string_string_bool
//	cel.bind(x, a, b)      a loop over nothing with x as accumulator
//
// The zone is a constant of the environment: date, age, daysSince, hourOf and
// weekdayOf have it in their implementation and not in the AST. Types are the
// checker's: orValue on a nullable column has the nullable type although its
// value is never null.
//
// What null and ⊥ do: a null column is null, but a null list, map or struct is
// ⊥ unless has() asks; has() of ⊥ is ⊥. Every function is strict, so null is ⊥
// for it, except atLeast, which counts null and ⊥ for neither side, and the
// list functions, which skip null elements.
//
// To add a function: one entry in the table of functions.go (or lists.go),
// its implementation as a pure function of its arguments, a row in the tests,
// and its lowering in plan. Where it needs something that the author does not
// write (now, the key of a row), a macro in macros.go adds it as an argument,
// so that the checked AST holds every input.
package celenv
