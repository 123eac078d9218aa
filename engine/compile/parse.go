package compile

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/parser"

	"personae/engine/celenv"
)

// newParser makes cel-go's hand-written parser with the settings of an
// environment. An environment uses the generated one, which gives the same
// trees (a test compares them) for eight times the work: half of all checking.
func newParser(env *cel.Env) (*parser.Parser, error) {
	return parser.NewParser(parser.EnablePrattParser(true), parser.Macros(env.Macros()...), parser.PopulateMacroCalls(true),
		parser.EnableOptionalSyntax(true), parser.EnableIdentEscapeSyntax(true), parser.MaxRecursionDepth(celenv.MaxNesting))
}

// parseText parses CEL. What the quick parser refuses goes through the
// environment's own, whose verdict and messages count.
func (s *scope) parseText(text string) (*cel.Ast, *cel.Issues) {
	src := common.NewTextSource(text)
	tree, errs := s.parser.Parse(src)
	if len(errs.GetErrors()) > 0 {
		return s.env.Parse(text)
	}
	return astOf(tree, src), nil
}

// astOf makes an Ast of a tree. cel-go does so only by way of protocol buffers;
// so one is made of nothing, and given the tree.
func astOf(tree *ast.AST, src common.Source) *cel.Ast {
	out := cel.ParsedExprToAstWithSource(nil, src)
	*out.NativeRep() = *tree
	return out
}
