package feeds

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Redact prints an address without its password.
func Redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return raw
	}
	return u.Redacted()
}

// transportError says in one line what went wrong below HTTP. ctx is the
// caller's, so that its end is told from our own time-out.
func (c *Client) transportError(ctx context.Context, r request, address string, err error) error {
	e := &Error{Op: r.op, Subject: r.subject, Err: err}
	what := visible(address, 200) + " "
	if r.op == "page" {
		what = "" // the subject is the address
	}
	if ctx.Err() != nil {
		e.Class, e.Detail, e.Err = ClassCancelled, what+"was not waited for", ctx.Err()
		return e
	}
	var detail string
	e.Class, detail, e.Mend = explain(err)
	if e.Class == ClassTimeout {
		detail = c.explainLate(err)
	}
	if c.opts.Proxy != nil && fromProxy(err) {
		what, e.Mend = "", "check fetch.proxy"
		detail = "the proxy " + visible(c.opts.Proxy.Redacted(), 100) + " gives no connection: " + visible(cause(err), 100)
	}
	e.Detail = what + detail
	return e
}

// explainLate says which wait was too long. What net/http says of it is text.
func (c *Client) explainLate(err error) string {
	if late, ok := errors.AsType[*lateError](err); ok {
		return late.words
	}
	if strings.Contains(err.Error(), "TLS handshake timeout") {
		return "did not finish the TLS handshake within " + seconds(c.limits.connect)
	}
	if strings.Contains(err.Error(), "timeout awaiting response headers") {
		return "took the request and did not answer within " + seconds(c.limits.answer)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return "did not take a connection within " + seconds(c.limits.connect)
	}
	return "did not answer in time"
}

// fromProxy reports whether the proxy, and not the site behind it, failed.
func fromProxy(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "proxyconnect" || op.Op == "socks connect")
}

// cause is the innermost text of a network error.
func cause(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Err != nil {
		return cause(op.Err)
	}
	return err.Error()
}

// explain finds the class, the words and the mend for an error of net/http.
func explain(err error) (class Class, detail, mend string) {
	if refused, ok := errors.AsType[*forbiddenError](err); ok {
		return ClassRefused, "leads to " + refused.Error(), "fetch.allow_private would permit it"
	}
	if hop, ok := errors.AsType[*redirectError](err); ok {
		return ClassRedirect, hop.why, ""
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return ClassDNS, "has no address: no such host " + strconv.Quote(visible(dns.Name, 100)), "check the spelling; the site may be gone"
		}
		return ClassDNS, "has no address: the name server did not help", "it is tried again at the next run"
	}
	if _, ok := errors.AsType[*lateError](err); ok || errors.Is(err, context.DeadlineExceeded) {
		return ClassTimeout, "", ""
	}
	if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
		return ClassTimeout, "", ""
	}
	if detail := explainTLS(err); detail != "" {
		return ClassTLS, detail, "open the address in a browser; the site's certificate needs its owner"
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return ClassConnect, "broke off the connection", ""
	}
	if _, ok := errors.AsType[flate.CorruptInputError](err); ok || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return ClassUnparsable, "sent what is no sound gzip", ""
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return ClassConnect, "failed: " + op.Op + ": " + visible(op.Err.Error(), 100), ""
	}
	if ue, ok := errors.AsType[*url.Error](err); ok {
		err = ue.Err
	}
	return ClassConnect, "failed: " + visible(err.Error(), 160), ""
}

// explainTLS is empty for an error that has nothing to do with TLS.
func explainTLS(err error) string {
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || errors.Is(err, http.ErrSchemeMismatch) {
		return "does not speak TLS"
	}
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return "has a certificate for another name than " + strconv.Quote(visible(e.Host, 100))
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if e.Reason == x509.Expired {
			return "has a certificate that has expired or is not yet valid"
		}
		return "has an invalid certificate"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "has a certificate of an unknown authority"
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "has a bad certificate: " + visible(e.Err.Error(), 120)
	}
	if e, ok := errors.AsType[tls.AlertError](err); ok {
		return "ended the TLS handshake: " + visible(e.Error(), 80)
	}
	return ""
}

func isTemporaryDNS(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && !dns.IsNotFound
}

// statusError says in one line what an unsuccessful status means.
func statusError(r request, address string, resp *http.Response) error {
	e := &Error{Op: r.op, Subject: r.subject, Class: ClassStatus, Status: resp.StatusCode}
	switch resp.StatusCode / 100 {
	case 4:
		e.Class = ClassClientError
	case 5:
		e.Class = ClassServerError
	}
	e.Detail = "answered " + strings.TrimSpace(strconv.Itoa(resp.StatusCode)+" "+http.StatusText(resp.StatusCode))
	if r.op == "fetch" {
		e.Detail = visible(address, 200) + " " + e.Detail
	}
	switch s := resp.StatusCode; {
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		e.Mend = "the site may refuse programs: open the address in a browser, or set fetch.user_agent"
	case s == http.StatusNotFound && r.op == "fetch":
		e.Mend = "look for the feed's new address on the site"
	case s == http.StatusGone && r.op == "fetch":
		e.Mend = "the feed is gone for good: remove the source"
	case temporaryStatus(s):
		e.RetryAfter = retryAfter(resp.Header)
		e.Mend = "it is tried again at the next run"
		if e.RetryAfter > 0 {
			e.Mend = "it asks to be left alone for " + seconds(e.RetryAfter)
		}
	}
	// The page that comes with a refusal tells a bot wall from a plain refusal;
	// reading it also frees the connection for the next request.
	var head []byte
	if body, err := unzip(resp.Body, resp.Header); err == nil {
		head, _ = io.ReadAll(io.LimitReader(body, 16<<10))
	}
	if resp.Header.Get("Cf-Mitigated") == "challenge" || isBotWall(head) {
		e.Class, e.Detail = ClassBotWall, e.Detail+" with a page that keeps programs out"
		e.Mend = "ask the site to let the feed through, or set fetch.user_agent"
	}
	return e
}

// isBotWall recognises the pages that ask for a proof of being human.
func isBotWall(page []byte) bool {
	page = bytes.ToLower(page[:min(len(page), 16<<10)])
	for _, mark := range []string{"cf-chl", "challenge-platform", "<title>just a moment", "_incapsula_", "captcha-delivery.com", "enable javascript and cookies to continue"} {
		if bytes.Contains(page, []byte(mark)) {
			return true
		}
	}
	return false
}
