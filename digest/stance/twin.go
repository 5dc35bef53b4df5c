package stance

import "standpoint/digest/topic"

const (
	// leastBackground is how many sentences of background it takes to make
	// twins that do not all resemble each other.
	leastBackground = 100
	// stride spreads the places where twins begin to draw from the background.
	stride = 7919
	// twinsEach is how many twins a piece has, each with another background, so
	// that none of it is learned.
	twinsEach = 2
)

// twins are long twins of each relevant piece: between its sentences stand one
// to three of background, taken from pieces that take no side and from others off
// the topic. Examples are short and dense, while in an article the author's point
// comes among reports of what happened and what others said. A model that has
// never seen that takes everybody who reports for somebody who takes no side.
type twins struct {
	relevant []piece
	backdrop backdrop
}

// twinsOf returns the twins of pieces: none where there is too little background.
func twinsOf(pack *topic.Pack, pieces []piece) twins {
	t := twins{backdrop: background(pack, pieces)}
	if len(t.backdrop) < leastBackground {
		return t
	}
	for _, p := range pieces {
		if p.Relevant {
			t.relevant = append(t.relevant, p)
		}
	}
	return t
}

func (t twins) len() int { return twinsEach * len(t.relevant) }

// at makes the nth twin. The two of a piece differ in background and in form.
func (t twins) at(n int) piece {
	p := t.relevant[n%len(t.relevant)]
	i := 5 * n / 3
	draw := t.backdrop.from(i*stride%len(t.backdrop), p.Group)
	d := document{title: p.read.title}
	if i%2 == 0 { // half of all articles begin with the news
		d.sentences = append(d.sentences, draw(), draw())
	}
	for _, s := range p.read.sentences {
		d.sentences = append(d.sentences, s)
		for range (i%4 + 3) / 2 {
			d.sentences = append(d.sentences, draw())
		}
	}
	d.assign()
	p.read, p.features = d, d.features()
	return p
}

// backdrop is sentences that carry no side.
type backdrop []struct {
	sentence *sentence
	group    int
}

func background(pack *topic.Pack, pieces []piece) (b backdrop) {
	for i := range pieces {
		p := &pieces[i]
		if s, _ := pack.Stance(p.Primary); p.Own || p.Relevant && !s.Neutral {
			continue
		}
		for j := range p.read.sentences {
			b = append(b, struct {
				sentence *sentence
				group    int
			}{&p.read.sentences[j], p.Group})
		}
	}
	return b
}

// from returns a function that draws one sentence after another, none of the
// group itself, and all from the group's fold of the calibration: what a model
// is measured on there holds no sentence that it has seen.
func (b backdrop) from(at, group int) func() sentence {
	return func() sentence {
		for range b {
			at = (at + 1) % len(b)
			if other := b[at].group; other != group && innerFold(other) == innerFold(group) {
				break
			}
		}
		return *b[at].sentence
	}
}
