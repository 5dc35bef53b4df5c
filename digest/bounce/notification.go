package bounce

import (
	"strings"
)

// maxRecipients is how many recipients of one report are looked at. Our letters
// have one each; a forwarder may make more of it.
const maxRecipients = 50

// statusNotice reads a delivery status notification (RFC 3464, RFC 6533).
func (r *Report) statusNotice(m *part) bool {
	status := m.find("message/delivery-status", "message/global-delivery-status", "message/deliverystatus")
	if status == nil {
		return false
	}
	var all []Recipient
	rest := status.body
	for len(rest) > 0 && len(all) < maxRecipients {
		var group header
		group, rest = fields(rest)
		// The first group is about the message (§2.2); some servers leave it out,
		// so a group is known by what it holds.
		if group.get("Action") == "" && group.get("Status") == "" {
			continue
		}
		all = append(all, recipient(group))
	}
	if len(all) == 0 {
		return false // the words around it may say more
	}
	r.bounced(all)
	return true
}

// recipient reads the fields of one recipient (§2.3).
func recipient(g header) Recipient {
	words := g.get("Diagnostic-Code")
	if _, after, ok := strings.Cut(words, ";"); ok {
		words = after
	}
	out := Recipient{
		Address: address(g.get("Original-Recipient")), Final: address(g.get("Final-Recipient")),
		Status: better(g.get("Status"), words), Detail: clean(words),
	}
	if out.Address == "" {
		out.Address = out.Final
	}
	if more := clean(g.get("Status")); out.Detail == "" && len(more) > len(out.Status) {
		out.Detail = more // some put words into brackets there
	}
	action, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(g.get("Action"))), " ")
	class, _, _ := split(out.Status)
	switch {
	case action == "delayed", action == "" && class == "4":
		out.Kind = Delayed // §2.3.3: no failure, and not the last word
	case action == "delivered", action == "relayed", action == "expanded", class == "2":
		out.Kind = Delivered
	case class == "" && phrases(words) == "":
		out.Kind = Unclear
	default:
		out.Kind = meaning(out.Status, words)
	}
	return out
}

// feedback reads a complaint: a feedback report (RFC 5965), or the older form in
// which a provider sends the letter back with its reader's address beside it.
func (r *Report) feedback(m *part) bool {
	report := m.find("message/feedback-report")
	if report == nil {
		return r.returned(m)
	}
	f, _ := fields(report.body)
	r.Detail = clean(strings.ToLower(f.get("Feedback-Type")))
	switch r.Detail {
	case "abuse", "fraud", "opt-out", "opt-out-list": // RFC 5965 §7.3, RFC 6650 §4.3
		r.Kind = Complaint
	default: // not-spam (RFC 6430), auth-failure (RFC 6591), virus, other: nobody asks to be left alone
		r.Kind = Notice
	}
	if to := address(f.get("Original-Rcpt-To")); to != "" {
		// Often redacted (RFC 6590); it is kept for who reads the report.
		r.Recipients = []Recipient{{Address: to, Final: to, Kind: r.Kind, Detail: r.Detail}}
	}
	return true
}

// returned knows Microsoft's form of a complaint by the field that names the
// reader.
func (r *Report) returned(m *part) bool {
	letter := m.find("message/rfc822")
	if letter == nil {
		return false
	}
	if h, _ := fields(letter.body); h.get("X-HmXmrOriginalRecipient") == "" {
		return false
	}
	r.Kind, r.Detail = Complaint, "abuse"
	return true
}

// receipt knows a disposition notification (RFC 8098): read, deleted, shown.
func (r *Report) receipt(m *part) bool {
	n := m.find("message/disposition-notification", "message/global-disposition-notification")
	if n == nil {
		return false
	}
	f, _ := fields(n.body)
	r.Kind, r.Detail = Notice, clean("receipt: "+f.get("Disposition"))
	return true
}
