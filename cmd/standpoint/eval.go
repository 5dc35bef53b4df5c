package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// labelledPiece is a piece as eval reads it; other keys are ignored.
type labelledPiece struct {
	inputPiece
	Relevant *bool             `json:"relevant"`
	Primary  topic.StanceKey   `json:"primary"`
	Accept   []topic.StanceKey `json:"accept"` // missing: the primary alone
}

// outputScores are the figures as eval prints them.
type outputScores struct {
	stance.Scores
	Learned int `json:"learned"` // pieces that the model has learned from: its figures on them flatter
}

func evalCommand() command {
	return command{
		name: "eval", args: "[FILE...]", does: "Score the classifier on labelled pieces (JSON Lines; without a file, from stdin).",
		example: "standpoint eval --json labelled.jsonl",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, name, asJSON := configFlag(flags), topicFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, files []string) error {
				pack, err := chosenPack(*name, *path, given(flags, "config"))
				if err != nil {
					return err
				}
				e, err := newEvaluation(env, pack)
				if err != nil {
					return err
				}
				if err := e.files(ctx, env, files); err != nil {
					return err
				}
				return e.print(env, *asJSON)
			}
		},
	}
}

// evaluation scores pieces one by one and keeps no text.
type evaluation struct {
	pack    *topic.Pack
	model   *stance.Classifier
	scorer  *stance.Scorer
	known   phraseBook // of the pack's examples
	pieces  int
	learned int
	bad     int // lines that were no labelled piece
}

func newEvaluation(env *environment, pack *topic.Pack) (*evaluation, error) {
	examples, err := pack.Examples()
	if err != nil {
		return nil, usage("eval: %w", err)
	}
	e := &evaluation{pack: pack, scorer: stance.NewScorer(pack), known: newPhraseBook(examples)}
	e.model, err = train(env, pack)
	return e, err
}

func (e *evaluation) files(ctx context.Context, env *environment, names []string) error {
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		if err := e.file(ctx, env, name); err != nil {
			return err
		}
	}
	switch {
	case e.bad > 0:
		return usage("eval: %s; mend or drop them, figures over the others would mislead", plural(e.bad, "line is no labelled piece", "lines are no labelled pieces"))
	case e.pieces == 0:
		return usage("eval: there is no piece in the input; want lines such as {\"id\": …, \"title\": …, \"text\": …, \"relevant\": true, \"primary\": %q}", e.pack.Stances[0].Key)
	}
	return nil
}

func (e *evaluation) file(ctx context.Context, env *environment, name string) (err error) {
	in := env.stdin
	if name == "-" {
		name = "stdin"
	} else {
		file, err := openFile(name)
		if err != nil {
			return usage("eval: %w", err)
		}
		defer file.Close()
		in = file
	}
	err = eachLine(ctx, bufio.NewReaderSize(in, 64<<10), func(n int, text []byte) error {
		if err := e.line(text); err != nil {
			e.bad++
			fmt.Fprintf(env.stderr, "standpoint: eval %s:%d: %v\n", name, n, err)
		}
		env.stderr.Status(fmt.Sprintf("pieces   %d", e.pieces))
		return nil
	})
	env.stderr.Status("")
	if err != nil {
		return fmt.Errorf("eval %s: %w", name, err)
	}
	return nil
}

// line scores one line. After a broken one the others are only checked: no
// figures will come of them.
func (e *evaluation) line(text []byte) error {
	var p labelledPiece
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	x, err := e.example(p)
	if err != nil || e.bad > 0 {
		return err
	}
	e.pieces++
	if e.known.has(x) {
		e.learned++
	}
	e.scorer.Add(x, e.model.Classify(x.Title, x.Text))
	return nil
}

// example checks a piece's labels.
func (e *evaluation) example(p labelledPiece) (topic.Example, error) {
	x := topic.Example{ID: p.ID, Title: p.Title, Text: p.Text}
	switch {
	case p.Relevant == nil:
		return x, errors.New(`no "relevant"; say true or false`)
	case !*p.Relevant:
		return x, nil
	case p.Primary == "":
		return x, errors.New(`relevant, and no "primary"; name its stance`)
	}
	x.Relevant, x.Primary, x.Accept = true, p.Primary, p.Accept
	if !slices.Contains(x.Accept, x.Primary) {
		x.Accept = append(x.Accept, x.Primary)
	}
	for _, key := range x.Accept {
		if _, ok := e.pack.Stance(key); !ok {
			return x, fmt.Errorf("unknown stance %q; the topic %s has %s", key, e.pack.Key, e.pack.Keys())
		}
	}
	return x, nil
}

func (e *evaluation) print(env *environment, asJSON bool) error {
	s := outputScores{e.scorer.Scores(), e.learned}
	if s.Learned > 0 {
		fmt.Fprintf(env.stderr, "standpoint: eval: %d of %s stand among the examples of %s: the model has learned them, so these figures flatter\n",
			s.Learned, count(s.Pieces, "piece"), e.pack.Key)
	}
	if asJSON {
		return printJSON(env.stdout, s)
	}
	out := &sticky{out: plain{env.stdout}}
	printScores(out, e.pack, s.Scores)
	return out.err
}

// eachLine calls work with each line that is not blank, and its number.
func eachLine(ctx context.Context, in *bufio.Reader, work func(n int, text []byte) error) error {
	for n := 1; ctx.Err() == nil; n++ {
		line, err := in.ReadBytes('\n')
		if text := trimLine(line); len(text) > 0 {
			if err := work(n, text); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	return ctx.Err()
}
