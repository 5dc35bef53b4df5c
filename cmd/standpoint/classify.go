package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"standpoint/digest/config"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// inputPiece is a piece as classify reads it; other keys are ignored.
type inputPiece struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

func classifyCommand() command {
	return command{
		name: "classify", args: "[FILE...]", does: "Read pieces (JSON Lines or plain text; without a file, from stdin) and print verdicts.",
		example: "standpoint classify --json pieces.jsonl",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, name, asJSON := configFlag(flags), topicFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, files []string) error {
				pack, err := chosenPack(*name, *path, given(flags, "config"))
				if err != nil {
					return err
				}
				model, err := train(env, pack)
				if err != nil {
					return err
				}
				c := classifier{model: model, json: *asJSON, out: bufio.NewWriter(env.stdout)}
				if err := errors.Join(c.files(ctx, env, files), c.out.Flush()); err != nil {
					return err
				}
				return c.faults()
			}
		},
	}
}

func given(flags *flag.FlagSet, name string) (yes bool) {
	flags.Visit(func(f *flag.Flag) { yes = yes || f.Name == name })
	return yes
}

func topicFlag(flags *flag.FlagSet) *string {
	return flags.String("topic", "", "the built-in topic pack `NAME`, or the path of a folder such as ./pack; default: the config's")
}

// chosenPack is the topic that is named, else the config's where there is a
// config; the command works without one.
func chosenPack(name, path string, must bool) (*topic.Pack, error) {
	if name != "" {
		pack, err := openPack(name)
		if err != nil {
			return nil, usage("topic: %w", err)
		}
		return pack, nil
	}
	if _, err := os.Stat(path); err != nil && !must {
		return topic.Builtin(config.Defaults().Topic)
	}
	cfg, err := config.Load(path, cron)
	if err != nil {
		return nil, err
	}
	return openPack(cfg.Topic)
}

// trimLine takes white space and a byte order mark off a line.
func trimLine(text []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
}

type classifier struct {
	model *stance.Classifier
	json  bool
	out   *bufio.Writer
	bad   int // lines and files that were no piece
	lost  int // files that could not be read
}

func (c *classifier) files(ctx context.Context, env *environment, names []string) error {
	if len(names) == 0 {
		return c.read(ctx, env, "stdin", env.stdin)
	}
	for _, name := range names {
		if name == "-" {
			if err := c.read(ctx, env, "stdin", env.stdin); err != nil {
				return err
			}
			continue
		}
		file, err := openFile(name)
		if err != nil {
			c.lost++
			fmt.Fprintf(env.stderr, "standpoint: classify: %v\n", err)
			continue
		}
		err = c.read(ctx, env, name, file)
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	return nil
}

func openFile(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; name the files in it", name)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(name)
}

// faults says how much of the input was left out.
func (c *classifier) faults() error {
	var left []string
	if c.bad > 0 {
		left = append(left, plural(c.bad, "line is no piece", "lines are no pieces"))
	}
	if c.lost > 0 {
		left = append(left, plural(c.lost, "file", "files")+" could not be read")
	}
	if len(left) == 0 {
		return nil
	}
	return usage("classify: %s; the others were judged", strings.Join(left, ", "))
}

// read takes a text in whose beginning a line opens with a brace for JSON Lines,
// even where an earlier line is broken, and any other for one plain piece whose
// first line is the title. An empty one holds none.
func (c *classifier) read(ctx context.Context, env *environment, name string, r io.Reader) error {
	in := bufio.NewReaderSize(r, 64<<10)
	start, _ := in.Peek(in.Size() / 2) // an error shows again at the first read
	if !hasObject(start) {
		data, err := io.ReadAll(in)
		if err != nil {
			return fmt.Errorf("classify %s: %w", name, err)
		}
		if !utf8.Valid(data) {
			return c.noPiece(env, "", name, errors.New("the text is not UTF-8; convert it, as with iconv"))
		}
		return c.plain(name, strings.Trim(string(data), "\ufeff\r\n"))
	}
	err := eachLine(ctx, in, func(n int, text []byte) error {
		return c.line(env, fmt.Sprintf("%s:%d", name, n), text)
	})
	if err != nil {
		return fmt.Errorf("classify %s: %w", name, err)
	}
	return nil
}

// hasObject says whether a line opens with a brace, or with a bracket and one as
// an array of pieces does, which is none of the two forms and must not be judged.
func hasObject(start []byte) bool {
	for line := range bytes.Lines(start) {
		line = bytes.TrimLeft(bytes.TrimPrefix(trimLine(line), []byte("[")), " \t")
		if bytes.HasPrefix(line, []byte("{")) {
			return true
		}
	}
	return false
}

// plain judges a text whose first line is the title. A single line is a text
// without one.
func (c *classifier) plain(name, data string) error {
	if strings.TrimSpace(data) == "" {
		return nil
	}
	title, text, titled := strings.Cut(data, "\n")
	if !titled {
		title, text = "", data
	}
	return c.judge(inputPiece{ID: name, Title: strings.TrimSpace(title), Text: strings.Trim(text, "\r\n")})
}

// line judges one line. A line that is no piece gets a line in the output too,
// so that scripts can go by the order.
func (c *classifier) line(env *environment, place string, text []byte) error {
	var p inputPiece
	if !utf8.Valid(text) { // offsets would count other bytes than the reader's
		return c.noPiece(env, "", place, errors.New("the line is not UTF-8; convert it, as with iconv"))
	}
	err := json.Unmarshal(text, &p)
	if err == nil && text[0] != '{' { // null
		err = errors.New("no object")
	}
	if err != nil {
		return c.noPiece(env, p.ID, place, fmt.Errorf("%w; want {\"id\": …, \"title\": …, \"text\": …}", err))
	}
	return c.judge(p)
}

func (c *classifier) noPiece(env *environment, id, place string, err error) error {
	c.bad++
	fmt.Fprintf(env.stderr, "standpoint: classify %s: %v\n", place, err)
	if c.json {
		return printJSON(c.out, struct {
			outputVerdict
			Error string `json:"error"`
		}{output(inputPiece{ID: id}, stance.Verdict{By: stance.ByModel}), err.Error()})
	}
	_, err = fmt.Fprintf(c.out, "%s\tno piece\t\n", line(id))
	return err
}

func (c *classifier) judge(p inputPiece) error {
	v := c.model.Classify(p.Title, p.Text)
	if c.json {
		return printJSON(c.out, output(p, v))
	}
	if v.Language != "" {
		_, err := fmt.Fprintf(c.out, "%s\tnot judged: its language is %s\t%s\n", line(p.ID), v.Language, line(p.Title))
		return err
	}
	if !v.Relevant {
		_, err := fmt.Fprintf(c.out, "%s\tnot on the subject (%.2f)\t%s\n", line(p.ID), v.Relevance, line(p.Title))
		return err
	}
	fmt.Fprintf(c.out, "%s\t%s, %s (%.2f)\t%s\n", line(p.ID), v.Stance, v.Doubt, v.Confidence, line(p.Title))
	if len(v.Contributors) == 0 {
		for _, q := range v.Evidence {
			fmt.Fprintf(c.out, "\t“%s”\n", line(q.Text))
		}
	}
	for _, said := range v.Contributors {
		fmt.Fprintf(c.out, "\t%s: “%s”\n", line(said.Name.Text), line(said.Says.Text))
	}
	if v.Contrary != nil {
		fmt.Fprintf(c.out, "\tbut also: “%s”\n", line(v.Contrary.Text))
	}
	return nil
}
