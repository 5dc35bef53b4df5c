package web

import (
	"context"
	htmltemplate "html/template"
	"strconv"
	"strings"

	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// indexView is the list of all editions.
type indexView struct {
	SignUp  bool
	Stances []render.StanceView
	Other   bool // some pieces stand under none of today's stances
	Chart   *chartView
	Years   []yearView
}

// yearView is one year's editions, the newest first.
type yearView struct {
	Year   int
	Open   bool
	Rows   []rowView
	Pieces int
}

// rowView is one edition.
type rowView struct {
	Number int
	Days   string
	Cells  htmltemplate.HTML
}

// cells are the cells of a row with counts, by the index's stances, others after
// them where there are any, and the sum. They are figures of ours, so nothing in
// them wants escaping; thousands of cells one by one would take most of the
// page's time.
func cells(counts []int) (cells htmltemplate.HTML, sum int) {
	var b strings.Builder
	for _, n := range counts {
		sum += n
		if n == 0 {
			b.WriteString("<td>·</td>")
		} else {
			b.WriteString("<td>" + strconv.Itoa(n) + "</td>")
		}
	}
	return htmltemplate.HTML(b.String() + "<td>" + strconv.Itoa(sum) + "</td>"), sum
}

// openYears is how many years stand open; the others are a click away.
const openYears = 2

// index makes the list of all editions from their counts alone.
func (a *archive) index(ctx context.Context) (*answer, error) {
	all, err := a.Store.Archive(ctx)
	if err != nil {
		return nil, err
	}
	v := indexView{SignUp: a.SignUp, Stances: render.Stances(a.Pack)}
	for _, l := range all {
		_, other := split(v.Stances, l.Counts)
		v.Other = v.Other || other > 0
	}
	for _, l := range all {
		v.add(l, a.Renderer.Days(l.Window))
	}
	v.Chart = chart(v.Stances, all)
	return a.html("editions", page{
		Title: "All editions", Kind: "index", Body: inBase[indexView]{a.base(), v}, Canonical: a.public("/editions"),
		Description: "All editions on " + a.Pack.Name + ", and how the pieces in them stand.",
	})
}

// add lists an edition in its year.
func (v *indexView) add(l store.Listed, days string) {
	year := render.Year(l.Window)
	if n := len(v.Years); n == 0 || v.Years[n-1].Year != year {
		v.Years = append(v.Years, yearView{Year: year, Open: n < openYears})
	}
	y := &v.Years[len(v.Years)-1]
	row := rowView{Number: l.Number, Days: strings.TrimSuffix(days, " "+strconv.Itoa(year))}
	counts, other := split(v.Stances, l.Counts)
	if v.Other {
		counts = append(counts, other)
	}
	pieces := 0
	row.Cells, pieces = cells(counts)
	y.Rows = append(y.Rows, row)
	y.Pieces += pieces
}

// split sets an edition's counts in the order of today's stances, and adds up
// those of stances that the pack no longer has.
func split(stances []render.StanceView, of map[topic.StanceKey]int) (counts []int, other int) {
	counts = make([]int, len(stances))
	for i, s := range stances {
		counts[i] = of[s.Key]
		other -= of[s.Key]
	}
	for _, n := range of {
		other += n
	}
	return counts, other
}
