package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// printScores prints the figures for a person.
func printScores(w io.Writer, pack *topic.Pack, s stance.Scores) {
	fmt.Fprintf(w, "%s, of which %d relevant by their label. In brackets: 95 %% intervals.\n\n", count(s.Pieces, "piece"), s.Relevant)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "Relevance\tF1 %.3f\tprecision %.3f, recall %s\n", s.Relevance.F1, s.Relevance.Precision, within(s.Relevance.Recall, s.Relevant))
	fmt.Fprintf(table, "Stance\tstrict\t%s\tthe first reader's label\n", within(s.Strict, s.Relevant))
	fmt.Fprintf(table, "\tlenient\t%s\ta label that a reader accepts\n", within(s.Lenient, s.Relevant))
	fmt.Fprintf(table, "\tmacro-F1\t%.3f\n", s.MacroF1)
	sure := int(s.Sure.Share*float64(s.Relevant) + 0.5)
	fmt.Fprintf(table, "Sure\tshare\t%s\t%d of %d\n", within(s.Sure.Share, s.Relevant), sure, s.Relevant)
	if sure > 0 {
		fmt.Fprintf(table, "\tstrict\t%s\n\tlenient\t%s\n", within(s.Sure.Strict, sure), within(s.Sure.Lenient, sure))
		fmt.Fprintf(table, "\twrong camp\t%s\tanother camp than any that a reader accepts\n", within(s.Sure.WrongCamp, sure))
	}
	fmt.Fprintf(table, "Calibration\terror\t%.3f\n", s.CalibrationError)
	table.Flush()

	fmt.Fprint(w, "\nConfidence, and what came of it\n")
	fmt.Fprintln(table, "CONFIDENCE\tPIECES\tMEAN\tSTRICT")
	for _, b := range s.Reliability {
		fmt.Fprintf(table, "%.1f to %.1f\t%d\t%.2f\t%s\n", b.From, b.From+0.1, b.Pieces, b.Confidence, within(b.Strict, b.Pieces))
	}
	table.Flush()

	fmt.Fprint(w, "\nBy length of the text\n")
	fmt.Fprintln(table, "LENGTH\tPIECES\tSTRICT\tLENIENT\tSURE")
	for _, l := range s.ByLength {
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%.2f\n", l.Length, l.Pieces, within(l.Strict, l.Pieces), within(l.Lenient, l.Pieces), l.Sure)
	}
	table.Flush()
	printConfusion(w, pack, s)
	if len(s.Wrong) > 0 {
		fmt.Fprintf(w, "\nVerdicts that no reader accepts: %d\n", len(s.Wrong))
		fmt.Fprintln(table, "ID\tEXPECTED\tGOT")
		for _, d := range s.Wrong {
			fmt.Fprintf(table, "%s\t%s\t%s\n", short(d.ID, 60), d.Expected, d.Got)
		}
		table.Flush()
	}
}

// within is a share with its interval.
func within(share float64, n int) string {
	low, high := stance.Interval(share, n)
	return fmt.Sprintf("%.3f (%.2f–%.2f)", share, low, high)
}

// printConfusion has a row for each label and a column for each verdict.
func printConfusion(w io.Writer, pack *topic.Pack, s stance.Scores) {
	keys := []string{}
	for _, st := range pack.Stances {
		keys = append(keys, string(st.Key))
	}
	keys = append(keys, "irrelevant")
	fmt.Fprint(w, "\nConfusion: rows are labels, columns verdicts\n")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\t")
	for _, got := range keys {
		fmt.Fprintf(table, "%s\t", got)
	}
	fmt.Fprintln(table)
	for _, want := range keys {
		fmt.Fprintf(table, "%s\t", want)
		for _, got := range keys {
			fmt.Fprintf(table, "%d\t", s.Confusion[want][got])
		}
		fmt.Fprintln(table)
	}
	table.Flush()
}
