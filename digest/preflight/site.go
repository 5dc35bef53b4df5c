package preflight

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// siteTime bounds all requests of one check of the web side together.
const siteTime = 15 * time.Second

// leftAnswer is what the web side says to a click in a mail program.
const leftAnswer = "unsubscribed\n"

// Site holds the web side at an address against S10, S11, S12 and S45: what every
// letter links to must answer. The token for leaving is nobody's, so asking changes
// nothing. It ends after 15 seconds at the latest. Redirects are not followed: a
// mail provider does not follow them either.
func Site(ctx context.Context, transport http.RoundTripper, base, nobody string) Report {
	ctx, cancel := context.WithTimeout(ctx, siteTime)
	defer cancel()
	v := visit{ctx: ctx, client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	link := base + "/leave/" + nobody
	if v.look(http.MethodGet, link, 10, "the link for leaving") && v.look(http.MethodHead, link, 12, "the link for leaving") {
		v.click(link)
		v.look(http.MethodGet, base+"/editions", 45, "the list of editions")
	}
	if len(v.report.Findings) == 0 {
		v.report.Facts = append(v.report.Facts, Fact{Subject: "web", Text: base + " answers, and takes a click on unsubscribe at once"})
	}
	return v.report
}

// visit is one run of the checks.
type visit struct {
	ctx    context.Context
	client *http.Client
	report Report
}

func (v *visit) fault(rule int, what, mend string) {
	v.report.Findings = append(v.report.Findings, Finding{Rule: rule, Severity: Error, What: what, Mend: mend})
}

// look asks for a page and says whether it is there.
func (v *visit) look(method, address string, rule int, name string) bool {
	status, _, head, err := v.ask(method, address, nil)
	what := fmt.Sprintf("%s (%s %s) ", name, method, brief(address))
	switch {
	case err != nil:
		v.fault(rule, what+"does not answer: "+err.Error(),
			"see that the daemon runs, that web.listen is what the reverse proxy asks, and that public_url leads there; a router may not let this machine reach its own public address, then check from elsewhere")
	case status/100 == 3:
		v.fault(rule, fmt.Sprintf("%sleads on to %s", what, head.Get("Location")), "write the address that it leads to as public_url, or take the redirect out of the proxy")
	case status == http.StatusNotFound && rule != 45:
		v.fault(rule, what+"is unknown there", "see that the daemon that answers works on this state folder, and that the proxy hands on the whole path")
	case status != http.StatusOK:
		v.fault(rule, fmt.Sprintf("%sanswers with status %d", what, status), "look at the log of the reverse proxy, then at the daemon's")
	default:
		return true
	}
	return false
}

// click does what a mail provider does for a reader (RFC 8058, section 3.2).
func (v *visit) click(address string) {
	status, body, head, err := v.ask(http.MethodPost, address, strings.NewReader("List-Unsubscribe=One-Click"))
	const what = "a click on unsubscribe in a mail program "
	switch {
	case err != nil:
		v.fault(11, what+"gets no answer: "+err.Error(), "let the reverse proxy hand on POST requests")
	case status/100 == 3:
		v.fault(11, what+"is led on to "+head.Get("Location"), "take the redirect out of the proxy: providers do not follow it")
	case status != http.StatusOK && status != http.StatusAccepted:
		v.fault(11, fmt.Sprintf("%sis answered with status %d", what, status), "let the reverse proxy hand on POST requests without a log-in or a check of its own")
	case body != leftAnswer:
		v.fault(11, what+"is answered by something else than this program", "let the reverse proxy hand on the whole of public_url")
	case head.Get("Set-Cookie") != "":
		v.fault(11, what+"is answered with a cookie", "switch that off in the reverse proxy")
	}
}

func (v *visit) ask(method, address string, body io.Reader) (status int, text string, head http.Header, err error) {
	r, err := http.NewRequestWithContext(v.ctx, method, address, body)
	if err != nil {
		return 0, "", nil, errors.New("not an address")
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := v.client.Do(r)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // the outer error quotes the address, with its token
		}
		return 0, "", nil, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
	return answer.StatusCode, string(data), answer.Header, err
}

// brief leaves the token out of an address.
func brief(address string) string {
	if i := strings.Index(address, "/leave/"); i >= 0 {
		return address[:i] + "/leave/…"
	}
	return address
}
