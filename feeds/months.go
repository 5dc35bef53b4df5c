package feeds

import (
	"strings"
	"time"
)

// MonthNamed is the month of a name or of a usual short form of it, in English,
// German, French, Polish (also the genitive, as in dates) and Ukrainian
// (likewise). Case does not count. It is 0 for any other word.
func MonthNamed(word string) time.Month {
	switch strings.ToLower(word) {
	case "jan", "january", "januar", "jänner", "janvier", "janv", "styczeń", "stycznia", "sty", "січень", "січня", "січ":
		return time.January
	case "feb", "february", "februar", "février", "févr", "fév", "luty", "lutego", "lut", "лютий", "лютого", "лют":
		return time.February
	case "mar", "march", "märz", "mär", "mrz", "mars", "marzec", "marca", "березень", "березня", "бер":
		return time.March
	case "apr", "april", "avril", "avr", "kwiecień", "kwietnia", "kwi", "квітень", "квітня", "кві", "квіт":
		return time.April
	case "may", "mai", "maj", "maja", "травень", "травня", "тра", "трав":
		return time.May
	case "jun", "june", "juni", "juin", "czerwiec", "czerwca", "cze", "червень", "червня", "чер", "черв":
		return time.June
	case "jul", "july", "juli", "juillet", "juil", "lipiec", "lipca", "lip", "липень", "липня", "лип":
		return time.July
	case "aug", "august", "août", "aout", "sierpień", "sierpnia", "sie", "серпень", "серпня", "сер", "серп":
		return time.August
	case "sep", "sept", "september", "septembre", "wrzesień", "września", "wrz", "вересень", "вересня", "вер":
		return time.September
	case "oct", "october", "okt", "oktober", "octobre", "październik", "października", "paź", "жовтень", "жовтня", "жов", "жовт":
		return time.October
	case "nov", "november", "novembre", "listopad", "listopada", "lis", "листопад", "листопада", "лис", "лист":
		return time.November
	case "dec", "december", "dez", "dezember", "décembre", "déc", "grudzień", "grudnia", "gru", "грудень", "грудня", "гру", "груд":
		return time.December
	}
	return 0
}
