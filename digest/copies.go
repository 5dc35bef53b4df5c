package digest

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"standpoint/digest/stance"
	"standpoint/feeds"
)

// Carried is a piece that an earlier edition showed.
type Carried struct {
	Item    int64
	Edition int
	Print   *feeds.Fingerprint
}

// Filing says what became of a candidate.
type Filing struct {
	Item    int64
	Edition int    // that the piece belongs to: the one composed, or the earlier one that showed it; 0: none
	CopyOf  int64  // the piece that is shown in its stead, or that the operator took out; 0: it is shown itself
	Why     string // it is a copy, in one line; empty when it is shown itself
}

// Why two candidates are one piece by their addresses.
const (
	whyAddress   = "same address"
	whyCanonical = "its page names the same address, same title"
	whyLinked    = "same address as another copy of it"
)

// cluster holds candidates that their addresses show to be one piece.
type cluster struct {
	copies []Candidate // the one to show first
}

// desk files the candidates, cluster by cluster.
type desk struct {
	number  int
	index   feeds.Index
	homes   []home // of each piece in the index
	groups  [][]Candidate
	filings []Filing
}

// home is where a piece belongs.
type home struct {
	edition int
	shown   int64
	group   int // -1: an earlier edition's
}

// group puts the copies of one piece together, the one to show first, and files
// every candidate. Addresses link copies of copies too. Wording does not: it is
// compared with the piece that is shown, so that a chain of likenesses cannot
// join two different pieces.
func group(d Draft, candidates []Candidate) ([][]Candidate, []Filing) {
	k := desk{number: d.Number}
	earlier := slices.Clone(d.Earlier)
	slices.SortFunc(earlier, func(a, b Carried) int {
		return cmp.Or(cmp.Compare(a.Edition, b.Edition), cmp.Compare(a.Item, b.Item))
	})
	for _, c := range earlier {
		k.learn(c.Print, home{c.Edition, c.Item, -1})
	}
	all := clusters(slices.Concat(candidates, d.Barred))
	for i := range all {
		if all[i].barred() == nil {
			all[i].copies = slices.DeleteFunc(all[i].copies, Candidate.barred)
		}
	}
	// What is known to have been shown comes first: copies of it, at yet other
	// addresses, go the same way.
	prints := printsOf(all)
	for i, c := range all {
		if m := c.repeat(); m != nil {
			h := home{m.Repeat, m.Original, -1}
			k.learn(prints[i], h)
			k.file(c, h, whyLinked)
		} else if b := c.barred(); b != nil {
			h := home{0, b.Item, -1}
			k.learn(prints[i], h)
			k.file(c, h, linkOf(*b, c.copies[0]))
		}
	}
	for i, c := range all {
		if c.repeat() == nil && c.barred() == nil {
			k.place(c, prints[i])
		}
	}
	slices.SortFunc(k.filings, func(a, b Filing) int { return cmp.Compare(a.Item, b.Item) })
	return k.groups, k.filings
}

func (k *desk) learn(p *feeds.Fingerprint, h home) {
	k.index.Add(p)
	k.homes = append(k.homes, h)
}

// place files a cluster with the piece that its wording shows it to be, or as a
// piece of its own.
func (k *desk) place(c cluster, p *feeds.Fingerprint) {
	if n, why := k.index.Original(p); n >= 0 && (k.homes[n].edition > 0 || !slices.ContainsFunc(c.copies, Candidate.ruled)) {
		k.file(c, k.homes[n], why)
		return
	}
	h := home{k.number, c.copies[0].Item, len(k.groups)}
	k.groups = append(k.groups, nil)
	k.learn(p, h)
	k.file(c, h, "")
}

// file notes where a cluster belongs; why is said of its first copy.
func (k *desk) file(c cluster, h home, why string) {
	if h.group >= 0 {
		k.groups[h.group] = append(k.groups[h.group], c.copies...)
	}
	for i, m := range c.copies {
		if m.barred() { // it is no candidate
			continue
		}
		f := Filing{Item: m.Item, Edition: h.edition, CopyOf: h.shown, Why: whyLinked}
		switch {
		case m.Item == h.shown:
			f.CopyOf, f.Why = 0, ""
		case m.Repeat != 0 && m.Repeat == h.edition && m.Original == h.shown:
			f.Why = byAddress(m.SameAddress)
		case c.copies[0].Item == h.shown:
			f.Why = linkOf(c.copies[0], m)
		case i == 0:
			f.Why = why
		}
		k.filings = append(k.filings, f)
	}
}

// printsOf reads what stands for each cluster, on all processors: it is the
// longest part of composing.
func printsOf(all []cluster) []*feeds.Fingerprint {
	prints := make([]*feeds.Fingerprint, len(all))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(all)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(all)); i = next.Add(1) - 1 {
				c := all[i].copies[0]
				if b := all[i].barred(); b != nil && all[i].repeat() == nil {
					c = *b
				}
				prints[i] = feeds.NewFingerprint(c.Outlet, c.Title, c.Text, appeared(c))
			}
		})
	}
	wg.Wait()
	return prints
}

// repeat is the copy that leads to the earliest edition which carried the piece,
// or nil.
func (c cluster) repeat() *Candidate {
	var first *Candidate
	for i := range c.copies {
		m := &c.copies[i]
		if m.Repeat != 0 && (first == nil || cmp.Or(cmp.Compare(m.Repeat, first.Repeat), cmp.Compare(m.Original, first.Original)) < 0) {
			first = m
		}
	}
	return first
}

// clusters joins the candidates that their addresses show to be one piece. The
// one to show comes first, in each cluster and among them: judged from its whole
// text before one judged from a part, the original before one that names another
// address as its own, then the earliest publication, then the order of the config.
func clusters(candidates []Candidate) []cluster {
	sorted := slices.Clone(candidates)
	slices.SortFunc(sorted, func(a, b Candidate) int {
		return cmp.Or(
			cmp.Compare(rank(a), rank(b)),
			appeared(a).Compare(appeared(b)),
			cmp.Compare(a.Position, b.Position),
			cmp.Compare(a.Item, b.Item),
		)
	})
	with := make(map[identity][]int)
	for i, c := range sorted {
		for _, id := range identities(c) {
			with[id] = append(with[id], i)
		}
	}
	var out []cluster
	taken := make([]bool, len(sorted))
	for i := range sorted {
		if taken[i] {
			continue
		}
		// The cluster grows while it is walked: a copy brings its own copies.
		taken[i] = true
		members := []int{i}
		for n := 0; n < len(members); n++ {
			for _, id := range identities(sorted[members[n]]) {
				for _, k := range with[id] {
					if !taken[k] {
						taken[k] = true
						members = append(members, k)
					}
				}
				delete(with, id) // all of them are members now
			}
		}
		slices.Sort(members)
		var c cluster
		for _, k := range members {
			c.copies = append(c.copies, sorted[k])
		}
		out = append(out, c)
	}
	return out
}

// identity is something that only copies of one piece share.
type identity struct{ key, canonical, title string }

// identities are the address, and the address that the page names as its own
// together with the title. The title is asked because sites exist whose every
// page names the home page.
func identities(c Candidate) []identity {
	var out []identity
	if c.Key != "" {
		out = append(out, identity{key: c.Key})
	}
	if c.Canonical != "" && c.TitleKey != "" {
		out = append(out, identity{canonical: c.Canonical, title: c.TitleKey})
	}
	return out
}

// linkOf says why a copy is one of the piece that is shown.
func linkOf(shown, c Candidate) string {
	for _, id := range identities(c) {
		if slices.Contains(identities(shown), id) {
			return byAddress(id.key != "")
		}
	}
	return whyLinked
}

func byAddress(same bool) string {
	if same {
		return whyAddress
	}
	return whyCanonical
}

// appeared is when a piece came out, as far as is known.
func appeared(c Candidate) time.Time {
	if c.Published.IsZero() {
		return c.FirstSeen
	}
	return c.Published
}

func rank(c Candidate) int {
	n := 0
	if c.Key != c.Canonical {
		n = 1
	}
	switch c.Basis {
	case stance.BasisPaywall:
		n += 2
	case stance.BasisTeaser:
		n += 4
	case stance.BasisTitle:
		n += 6
	}
	return n
}
