package bounce

import (
	"regexp"
	"strings"
)

// plain reads the texts of servers that know no delivery status: qmail's
// (QSBMF), Exim's, sendmail's, Exchange's, Domino's and others'. All of them name
// the address, and most the server's answer, before a copy of the letter.
func (r *Report) plain(m *part) bool {
	server := fromServer(m) || nullSender(m) && soundsLikeFailure(subject(m))
	if !server && !soundsLikeFailure(subject(m)) {
		return false
	}
	text := beforeCopy(firstText(m))
	low := strings.ToLower(text)
	failed, late := has(low, failureWords()), has(low, delayWords())
	status := better("", text)
	switch {
	case server && late && !has(low, finalWords()):
		r.bounced([]Recipient{{Address: failedAddress(m, text), Kind: Delayed, Status: status, Detail: clean(firstReason(text))}})
		return true
	case !failed && !server, !failed && status == "" && m.get("X-Failed-Recipients") == "":
		return false
	}
	out := Recipient{Address: failedAddress(m, text), Status: status, Detail: clean(firstReason(text))}
	switch class, _, _ := split(status); {
	case class == "" && phrases(low) == "":
		out.Kind = Unclear
	case class == "" || class == "2":
		out.Status, out.Kind = "", phrases(low)
		if out.Kind == "" {
			out.Kind = Unclear
		}
	default:
		out.Kind = meaning(status, low)
	}
	r.bounced([]Recipient{out})
	return true
}

func soundsLikeFailure(subject string) bool {
	return has(strings.ToLower(subject), []string{
		"undeliver", "delivery failure", "delivery failed", "delivery status notification", "failure notice", "returned mail", "mail delivery failed",
		"could not be delivered", "non remis", "unzustellbar", "nicht zugestellt", "no se pudo entregar", "не доставлено", "nie dostarczono",
	})
}

// failureWords are some that the texts of failures have, and other mail from a
// postmaster has not.
func failureWords() []string {
	return []string{
		"could not be delivered", "couldn't be delivered", "wasn't able to deliver", "unable to deliver", "was not delivered", "did not reach", "permanent fatal errors",
		"permanent error", "failed permanently", "delivery failed", "delivery to the following", "returned to sender", "undeliverable", "could not be reached",
		"konnte nicht zugestellt", "nicht zugestellt werden", "n'a pas pu être", "n'a pu être", "no se pudo entregar", "не удалось доставить", "не доставлено",
		"nie została dostarczona", "non è stato possibile", "não foi entregue", "could not deliver", "niet worden afgeleverd",
	}
}

func delayWords() []string {
	return []string{
		"delayed", "will be retried", "will retry", "still trying", "will keep trying", "will continue to try", "no action is required", "transient non-fatal",
		"could not send message for past", "do not need to resend", "delay reason", "greylist", "verzögert", "retardé", "not yet been delivered",
	}
}

// finalWords stand in reports of failures that speak of tries and delays, too.
func finalWords() []string {
	return []string{
		"giving up", "given up", "gave up", "been in the queue too long", "retry timeout exceeded", "permanent fatal errors", "permanent error", "failed permanently",
		"retry time not reached", "i'm not going to try again", "will not be retried", "could not be delivered for", "has been failed",
	}
}

func has(text string, any []string) bool {
	for _, w := range any {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// beforeCopy cuts off the letter that a text returns below its own words: what
// stands in it was not said by the server.
func beforeCopy(text string) string {
	cut := regexp.MustCompile(`(?im)^(?:-{2,} ?(?:below this line|this is a copy|.*original message|.*message header|.*returned message|.*unsent message|.*copy of).*|received: from .*|return-path: .*|-{5,}.*kopie.*)$`)
	if at := cut.FindStringIndex(text); at != nil && at[0] > 0 {
		return text[:at[0]]
	}
	return text
}

// failedAddress is the address that a text is about.
func failedAddress(m *part, text string) string {
	first, _, _ := strings.Cut(m.get("X-Failed-Recipients"), ",")
	if a := address(first); a != "" {
		return a
	}
	for _, each := range regexp.MustCompile(`[^\s<>()\[\]:;,"']+@[a-zA-Z0-9.-]+[a-zA-Z0-9]`).FindAllString(text, 20) {
		a := address(each)
		if a != "" && !strings.HasPrefix(a, "postmaster@") && !strings.HasPrefix(a, "mailer-daemon@") {
			return a
		}
	}
	return ""
}

// firstReason is the line of a text that says why, as far as that can be told:
// one with a code, or else one with a phrase that is known.
func firstReason(text string) string {
	lines := strings.Split(text, "\n")
	for _, known := range []func(string) bool{
		func(l string) bool { return better("", l) != "" },
		func(l string) bool { return phrases(l) != "" },
		func(l string) bool { return has(strings.ToLower(l), delayWords()) },
		func(l string) bool { return has(strings.ToLower(l), failureWords()) },
	} {
		for _, l := range lines[:min(len(lines), 500)] {
			if known(l) {
				return l
			}
		}
	}
	return ""
}
