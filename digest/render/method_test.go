package render

import (
	"testing"

	"standpoint/digest/topic"
)

func TestBriefMeasured(t *testing.T) {
	for want, m := range map[string]topic.Measured{
		"": {Lenient: 0.9},
		"Of 60 pieces that it had not learned from, a careful reader accepts 80\u00a0% of the labels.":                                                {Pieces: 60, Lenient: 0.8},
		"Of 9 pieces that it had not learned from, a careful reader accepts 50\u00a0% of the labels, and 95\u00a0% of those without a word of doubt.": {Pieces: 9, Lenient: 0.5, Sure: 0.01, SureLenient: 0.951, WrongCamp: 0.015},
	} {
		if got := english(t).briefMeasured(m); got != want {
			t.Errorf("%+v:\n%s\nwant\n%s", m, got, want)
		}
	}
}

func TestMeasured(t *testing.T) {
	for want, m := range map[string]topic.Measured{
		"": {Lenient: 0.9},
		"Measured on 60 pieces that it had not learned from: 80\u00a0% of its labels are ones that a careful reader accepts.":                                                                                                                     {Pieces: 60, Lenient: 0.8},
		"Measured on 1 piece that it had not learned from (in May): 100\u00a0% of its labels are ones that a careful reader accepts; where no doubt is shown (50\u00a0% of pieces), 95\u00a0% are, and 0\u00a0% name a camp that no reader sees.": {Pieces: 1, Lenient: 1, Sure: 0.5, SureLenient: 0.951, How: "in\nMay"},
		"Measured on 9 pieces that it had not learned from: 50\u00a0% of its labels are ones that a careful reader accepts; where no doubt is shown (1\u00a0% of pieces), 95\u00a0% are, and 1.5\u00a0% name a camp that no reader sees.":         {Pieces: 9, Lenient: 0.5, Sure: 0.01, SureLenient: 0.951, WrongCamp: 0.015},
	} {
		if got := english(t).measured(m); got != want {
			t.Errorf("%+v:\n%s\nwant\n%s", m, got, want)
		}
	}
}
