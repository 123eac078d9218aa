package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress draws bars on standard error where it is a terminal, and nothing
// elsewhere. One bar a step; a step without a total is a spinner.
type progress struct {
	bars *mpb.Progress
	open map[string]*mpb.Bar
	// spinner is the step without a total that is under way, "" for none.
	spinner string
}

func newProgress(cmd *cobra.Command) *progress {
	if !isTerminal(cmd.ErrOrStderr()) {
		return &progress{}
	}
	return &progress{
		bars: mpb.NewWithContext(cmd.Context(), mpb.WithOutput(os.Stderr), mpb.WithWidth(40)),
		open: map[string]*mpb.Bar{},
	}
}

// step shows that a step has done so much of so much.
func (p *progress) step(name string, done, total int64) {
	if p.bars == nil {
		return
	}
	bar := p.open[name]
	if p.spinner != name && p.spinner != "" {
		p.open[p.spinner].Abort(true) // it has no end of its own: the next step is its end
		delete(p.open, p.spinner)
		p.spinner = ""
	}
	if bar == nil {
		label := decor.Name(name, decor.WC{W: 26, C: decor.DindentRight})
		if total > 0 {
			bar = p.bars.AddBar(total, mpb.PrependDecorators(label),
				mpb.AppendDecorators(decor.Percentage(decor.WC{W: 5}), decor.Elapsed(decor.ET_STYLE_GO, decor.WC{W: 8})), mpb.BarRemoveOnComplete())
		} else {
			p.spinner = name
			bar = p.bars.AddSpinner(1, mpb.PrependDecorators(label),
				mpb.AppendDecorators(decor.Elapsed(decor.ET_STYLE_GO, decor.WC{W: 8})), mpb.BarRemoveOnComplete())
		}
		p.open[name] = bar
	}
	if total > 0 {
		bar.SetTotal(total, false)
		bar.SetCurrent(done)
	}
	if total > 0 && done >= total {
		bar.Abort(true)
		delete(p.open, name)
	}
}

// say prints a line above the bars.
func (p *progress) say(w io.Writer, text string) {
	if p.bars != nil {
		w = p.bars
	}
	fmt.Fprintln(w, text)
}

// close removes the bars, so that what is printed next stands alone.
func (p *progress) close() {
	if p.bars == nil {
		return
	}
	for _, bar := range p.open {
		bar.Abort(true)
	}
	p.bars.Wait()
}
