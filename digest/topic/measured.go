package topic

// Measured says how often a pack's labels hold, on pieces that its model had not
// learned. Readers are told. Shares are from 0 to 1; zero Pieces: nobody
// measured.
type Measured struct {
	Pieces      int     // relevant ones that were labelled by readers
	Strict      float64 // the first reader's label
	Lenient     float64 // a label that a careful reader accepts
	Sure        float64 // share of verdicts that are called sure
	SureLenient float64 // of these, a label that a careful reader accepts
	WrongCamp   float64 // of these, in another camp than any that a reader accepts
	How         string  // how it was measured, in a few words; may be empty
}

func (p *Pack) checkMeasured(c *complaints) {
	m := p.Measured
	for _, share := range []float64{m.Strict, m.Lenient, m.Sure, m.SureLenient, m.WrongCamp} {
		if !(share >= 0 && share <= 1) {
			c.add("measured:", 0, "measured %v: want a share between 0 and 1", share)
		}
	}
	if m.Pieces < 0 || m.Pieces == 0 && m != (Measured{}) {
		c.add("measured:", 0, "measured on %d pieces: write how many there were", m.Pieces)
	}
}
