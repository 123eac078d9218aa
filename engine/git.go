package engine

import (
	"path/filepath"
	"strings"

	git "github.com/go-git/go-git/v5"
)

// gitCommit says which commit the rules are at; zero where they are in none.
type gitCommit struct {
	Hash  string
	Dirty bool // rules or datasets differ from the commit
}

// gitState reads the repository that holds the project, without a git binary.
// It is for people: a repository that cannot be read is no failure of a run.
func gitState(root string) gitCommit {
	repo, err := git.PlainOpenWithOptions(root, &git.PlainOpenOptions{DetectDotGit: true})
	if err != nil {
		return gitCommit{}
	}
	head, err := repo.Head()
	if err != nil {
		return gitCommit{}
	}
	c := gitCommit{Hash: head.Hash().String()}
	tree, err := repo.Worktree()
	if err != nil {
		return c
	}
	status, err := tree.StatusWithOptions(git.StatusOptions{Strategy: git.Preload})
	if err != nil {
		return c
	}
	top := tree.Filesystem.Root()
	abs, err := filepath.Abs(root)
	if err != nil {
		return c
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	prefix, err := filepath.Rel(top, abs)
	if err != nil {
		return c
	}
	for path, s := range status {
		if s.Worktree == git.Unmodified && s.Staging == git.Unmodified {
			continue
		}
		rel, err := filepath.Rel(prefix, path)
		if err == nil && (strings.HasPrefix(rel, "rules/") || strings.HasPrefix(rel, "datasets/")) {
			c.Dirty = true
		}
	}
	return c
}
