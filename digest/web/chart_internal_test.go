package web

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// listed makes so many weekly editions up to a day, the newest first, each with
// two pieces for arming and one of a stance that the pack no longer has.
func listed(n int, last time.Time) []store.Listed {
	var out []store.Listed
	for i := range n {
		to := last.AddDate(0, 0, -7*i)
		out = append(out, store.Listed{
			Past:   digest.Past{Number: n - i, Counts: map[topic.StanceKey]int{"arm": 2, "of-old": 1}},
			Window: digest.Window{From: to.AddDate(0, 0, -7), To: to},
		})
	}
	return out
}

func stances(t *testing.T) []render.StanceView {
	t.Helper()
	p, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		t.Fatal(err)
	}
	return render.Stances(p)
}

func TestChartUnits(t *testing.T) {
	day := time.Date(2026, 11, 23, 7, 7, 0, 0, time.UTC)
	for _, row := range []struct {
		editions, columns int
		unit, first, last string
	}{
		{2, 2, "edition", "No. 1", "No. 2"},
		{24, 24, "edition", "No. 1", "No. 24"},
		{25, 6, "month", "June 2026", "November 2026"},
		{520, 41, "quarter", "2016, quarter 4", "2026, quarter 4"},
		{1040, 21, "year", "2006", "2026"},
	} {
		v := chart(stances(t), listed(row.editions, day))
		rows := v.Rows
		if v.Unit != row.unit || len(rows) != row.columns || rows[0].Name != row.first || rows[len(rows)-1].Name != row.last {
			t.Errorf("%d editions: %d columns, one a %s, from %s to %s; want %+v", row.editions, len(rows), v.Unit, rows[0].Name, rows[len(rows)-1].Name, row)
		}
		sum := 0
		for _, c := range rows {
			sum += c.Pieces
		}
		if sum != 2*row.editions {
			t.Errorf("%d editions: %d pieces in the columns", row.editions, sum)
		}
		if len(v.Labels) == 0 || len(v.Labels) > 5 {
			t.Errorf("%d editions: %d labels", row.editions, len(v.Labels))
		}
	}
	if chart(stances(t), listed(1, day)) != nil {
		t.Error("one edition is no development")
	}
}

// A month without an edition has its column, or the time axis would lie.
func TestChartGaps(t *testing.T) {
	all := append(listed(20, time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)), listed(20, time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC))...)
	v := chart(stances(t), all)
	empty := 0
	for _, c := range v.Rows {
		if c.Pieces == 0 {
			empty++
		}
	}
	if v.Unit != "month" || empty == 0 || !strings.Contains(v.Desc, "80 pieces in all") {
		t.Errorf("%s, %d empty columns, %s", v.Unit, empty, v.Desc)
	}
}

func TestChartScale(t *testing.T) {
	for most, want := range map[int][2]int{0: {1, 1}, 1: {1, 1}, 5: {1, 5}, 6: {2, 6}, 60: {20, 60}, 100: {20, 100}, 780: {200, 800}} {
		if step, top := scale(most); step != want[0] || top != want[1] {
			t.Errorf("up to %d: steps of %d to %d, want %v", most, step, top, want)
		}
	}
	day := time.Date(2026, 11, 23, 7, 7, 0, 0, time.UTC)
	quiet := listed(3, day)
	for i := range quiet {
		quiet[i].Counts = nil
	}
	if v := chart(stances(t), quiet); v == nil || v.Areas[0].Path != "" {
		t.Errorf("three empty editions: %+v", v)
	}
}
