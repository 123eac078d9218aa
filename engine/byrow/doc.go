// Package byrow decides, with cel-go and row by row, what SQL left open.
//
// Input: an entity's plan, and for each row its columns, the rows that belong
// to it and those that it references, and what SQL found.
// Output: what CEL says of each output. An output is open where a part of it
// has no SQL form; what SQL did decide of it is final, because every operator is
// monotone in ⊥. A rule that reads an open one is open too and is decided after
// it, in the order of evaluation, from the decided value: so no rule ever sees
// what is not decided yet, and one pass over the open rows is enough.
//
// It must not know a database or SQL.
package byrow
