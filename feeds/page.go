package feeds

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// Page gets a web page, for the text of a piece that its feed only announces.
// The body is what the server sent, undecoded, at most Options.MaxPageBytes;
// finalURL is the address that answered after redirects. The error is always a
// *Error, whose Temporary says whether to try again later; a page is asked for
// once.
//
// The robots.txt of the page's site, and of every site that it redirects to, is
// obeyed (RFC 9309): a page that it closes to programs is a *Error with
// ClassRobots, and a Crawl-delay, of which up to 10 s are obeyed, is waited out
// here, without holding up requests to other hosts.
func (c *Client) Page(ctx context.Context, url string) (body []byte, contentType, finalURL string, err error) {
	r := request{
		op: "page", subject: visible(Redact(url), 200), url: url,
		accept: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
		limit:  c.opts.MaxPageBytes, redirects: maxRedirects, robots: true, whole: c.opts.Timeout,
	}
	resp, err := c.get(ctx, r)
	if err != nil {
		return nil, "", "", err
	}
	defer resp.release()
	if resp.cut != nil {
		return nil, "", "", resp.cut
	}
	contentType = resp.header.Get("Content-Type")
	fault := &Error{Op: r.op, Subject: r.subject, Status: resp.status}
	switch {
	case len(bytes.TrimSpace(resp.body)) == 0:
		fault.Class, fault.Detail = ClassEmpty, "answered with an empty body"
		return nil, "", "", fault
	case !isPage(contentType, resp.body):
		fault.Class, fault.Detail = ClassNotPage, "is "+strconv.Quote(visible(contentType, 60))+", not a web page"
		return nil, "", "", fault
	}
	if kind, _, _ := strings.Cut(http.DetectContentType(resp.body), ";"); !strings.HasPrefix(kind, "text/") && kind != "application/octet-stream" {
		fault.Class, fault.Detail = ClassNotPage, "is "+kind+" under a wrong label, not a web page" // its bytes would pass for words
		return nil, "", "", fault
	}
	return resp.body, contentType, resp.finalURL, nil
}

// isPage tells HTML from a PDF or a picture. A missing or useless type is
// settled by the first byte.
func isPage(contentType string, body []byte) bool {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil || t == "application/octet-stream" || t == "text/plain" {
		return bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff"))), []byte("<"))
	}
	return strings.Contains(t, "html") || t == "application/xml" || t == "text/xml"
}
