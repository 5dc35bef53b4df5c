package web

import (
	"fmt"
	htmltemplate "html/template"
	"slices"
	"strings"
	"time"

	"standpoint/digest/render"
	"standpoint/digest/store"
)

// The chart's measures, in the units of its view box.
const (
	chartWidth  = 640
	chartHeight = 300
	chartLeft   = 62 // room for the figures of the scale
	chartTop    = 12
	chartFloor  = 262 // where columns stand
	widest      = 44  // column
	mostColumns = 48
)

// chartView is the distribution over time as columns, and the same in figures.
type chartView struct {
	Unit        string // what a column is: "edition", "month", "quarter" or "year"
	Title, Desc string
	Areas       []areaView
	Scale       []markView
	Labels      []markView
	Rows        []columnView
}

// areaView is all of one stance, in all columns.
type areaView struct {
	render.StanceView
	Texture htmltemplate.HTML // over its colour, of SVG: tells it apart in black and white
	Path    string            // of SVG
	Pieces  int
}

// textures are the patterns of 8 by 8 that lie over the colours, none over the
// first.
func textures() [6]htmltemplate.HTML {
	return [6]htmltemplate.HTML{
		"",
		`<path d="M-2 10L10 -2M-2 2L2 -2M6 10L10 6"/>`,
		`<circle cx="2" cy="2" r="1.3"/><circle cx="6" cy="6" r="1.3"/>`,
		`<path d="M-2 -2L10 10M6 -2L10 2M-2 6L2 10"/>`,
		`<path d="M0 2H8M0 6H8"/>`,
		`<rect x="1" y="1" width="6" height="6"/>`,
	}
}

// markView is a figure of the scale at its height, or a label below a column.
type markView struct {
	At   int
	Text string
}

// columnView is one column.
type columnView struct {
	Name   string
	Mark   string // below it; empty: too many have one
	Counts []int  // by the stances
	Cells  htmltemplate.HTML
	Pieces int // of today's stances
}

// chart draws the public editions, which come the newest first; nil for fewer
// than two.
func chart(stances []render.StanceView, all []store.Listed) *chartView {
	all = slices.DeleteFunc(slices.Clone(all), func(l store.Listed) bool { return l.Window.To.IsZero() })
	if len(all) < 2 {
		return nil
	}
	v := &chartView{}
	v.Unit, v.Rows = columns(stances, all)
	most := 0
	for i := range v.Rows {
		c := &v.Rows[i]
		c.Cells, _ = cells(c.Counts)
		most = max(most, c.Pieces)
	}
	step, top := scale(most)
	for n := 0; n <= top; n += step {
		v.Scale = append(v.Scale, markView{height(n, top), fmt.Sprint(n)})
	}
	v.draw(stances, top)
	v.Title = "Pieces in each " + v.Unit + ", by stance"
	if v.Unit != "edition" {
		v.Title += "; the first and the last one may not be whole"
	}
	v.tell()
	return v
}

// draw lays the columns out.
func (v *chartView) draw(stances []render.StanceView, top int) {
	room := float64(chartWidth-chartLeft) / float64(len(v.Rows))
	wide := min(room*0.82, widest)
	base, overlays := make([]int, len(v.Rows)), textures()
	for i, s := range stances {
		a := areaView{StanceView: s, Texture: overlays[i%len(overlays)]}
		var path strings.Builder
		for x, c := range v.Rows {
			n := c.Counts[i]
			if n == 0 {
				continue
			}
			from, to := height(base[x], top), height(base[x]+n, top)
			fmt.Fprintf(&path, "M%.1f %dh%.1fV%dh-%.1fz", left(x, room, wide), from, wide, to, wide)
			base[x] += n
			a.Pieces += n
		}
		a.Path = path.String()
		v.Areas = append(v.Areas, a)
	}
	v.label(room, wide)
}

// label sets as many labels below the columns as a phone has room for.
func (v *chartView) label(room, wide float64) {
	var at []int
	for x, c := range v.Rows {
		if c.Mark != "" {
			at = append(at, x)
		}
	}
	if len(at) == 0 { // months, and no January among them
		at, v.Rows[0].Mark = []int{0}, v.Rows[0].Name
	}
	every := max(1, (len(at)+4)/5)
	for i := 0; i < len(at); i += every {
		v.Labels = append(v.Labels, markView{int(left(at[i], room, wide) + wide/2), v.Rows[at[i]].Mark})
	}
}

func left(x int, room, wide float64) float64 {
	return chartLeft + float64(x)*room + (room-wide)/2
}

func height(n, top int) int { return chartFloor - n*(chartFloor-chartTop)/max(top, 1) }

// scale finds round steps, three to five of them, that reach the most.
func scale(most int) (step, top int) {
	step = 1
	for _, s := range []int{1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2500, 10_000} {
		if step = s; most <= 5*s {
			break
		}
	}
	return step, max(step, (most+step-1)/step*step)
}

// tell says in a sentence what the chart shows, for who does not see it.
func (v *chartView) tell() {
	var parts []string
	total := 0
	for _, a := range v.Areas {
		total += a.Pieces
	}
	for _, a := range v.Areas {
		parts = append(parts, fmt.Sprintf("%s %d", a.Short, a.Pieces))
	}
	first, last := v.Rows[0].Name, v.Rows[len(v.Rows)-1].Name
	v.Desc = fmt.Sprintf("Stacked columns, one for each %s from %s to %s; %d pieces in all: %s. The table below the chart has every figure.",
		v.Unit, first, last, total, strings.Join(parts, ", "))
}

// columns adds editions up into as many columns as can be told apart, the oldest
// first: editions, else months, quarters or years, with those that had none.
func columns(stances []render.StanceView, all []store.Listed) (unit string, out []columnView) {
	if len(all) <= mostColumns/2 {
		for _, l := range slices.Backward(all) {
			c := columnView{Name: fmt.Sprintf("No. %d", l.Number), Mark: fmt.Sprint(l.Number)}
			c.count(stances, l)
			out = append(out, c)
		}
		return "edition", out
	}
	newest, oldest := month(all[0].Window.To), month(all[len(all)-1].Window.To)
	unit, size := "year", 12
	switch {
	case newest-oldest < mostColumns:
		unit, size = "month", 1
	case newest/3-oldest/3 < mostColumns:
		unit, size = "quarter", 3
	}
	first := oldest / size
	out = make([]columnView, newest/size-first+1)
	for i := range out {
		out[i].name(unit, (first+i)*size)
		out[i].Counts = make([]int, len(stances))
	}
	for _, l := range all {
		out[month(l.Window.To)/size-first].count(stances, l)
	}
	return unit, out
}

// month counts months. A window that was cut off early on the first belongs to
// the month that it is about.
func month(t time.Time) int {
	t = t.Add(-12 * time.Hour)
	return t.Year()*12 + int(t.Month()) - 1
}

// name names a column by its first month; January's has the year below it.
func (c *columnView) name(unit string, first int) {
	year, m := first/12, time.Month(first%12+1)
	switch unit {
	case "month":
		c.Name = fmt.Sprintf("%s %d", m, year)
	case "quarter":
		c.Name = fmt.Sprintf("%d, quarter %d", year, (int(m)+2)/3)
	default:
		c.Name = fmt.Sprint(year)
	}
	if m == time.January {
		c.Mark = fmt.Sprint(year)
	}
}

func (c *columnView) count(stances []render.StanceView, l store.Listed) {
	counts, _ := split(stances, l.Counts)
	if c.Counts == nil {
		c.Counts = make([]int, len(stances))
	}
	for i, n := range counts {
		c.Counts[i] += n
		c.Pieces += n
	}
}
