package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// traversal asks for files outside of the site in every spelling.
func traversal(f *fort, t *testing.T) {
	ups := []string{
		"../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..\\", "%252e%252e%252f", "..%c0%af", "%c0%ae%c0%ae/", "....//", "..;/", ".%00./", "%2e%2e%5c", "..%ef%bc%8f",
	}
	for _, base := range []string{"/", "/editions/", "/pieces/", "/leave/", "/site.css/", "/d/", "//"} {
		for _, up := range ups {
			for _, file := range []string{"etc/passwd", "standpoint.db", "config.yaml"} {
				target := base + strings.Repeat(up, 8) + file
				got := f.raw(t, "GET "+target+" HTTP/1.1\r\nHost: digest.example.org\r\nConnection: close\r\n\r\n")
				head, body, _ := strings.Cut(got, "\r\n\r\n")
				if strings.HasPrefix(got, "HTTP/1.1 2") || strings.HasPrefix(got, "HTTP/1.1 5") || strings.Contains(body, "root:") || strings.Contains(body, "SQLite format") {
					t.Errorf("%s: %.80q", target, got)
				}
				for line := range strings.SplitSeq(head, "\r\n") {
					if to, ok := strings.CutPrefix(line, "Location: "); ok && (strings.HasPrefix(to, "//") || strings.Contains(to, "://") || strings.HasPrefix(to, "/\\")) {
						t.Errorf("%s leads to another host: %s", target, to)
					}
				}
			}
		}
	}
}

// headerJunk sends what no client sends. Nothing of it comes back as a header, and
// nothing of it is believed.
func headerJunk(f *fort, t *testing.T) {
	leave := f.paths()[1]
	var work sync.WaitGroup
	for name, text := range map[string]string{
		"a header of 100 KB":    "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 100<<10) + "\r\n\r\n",
		"10,000 headers":        "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: y\r\n", 10_000) + "\r\n",
		"a path of 100 KB":      "GET /" + strings.Repeat("x", 100<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n",
		"two hosts":             "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"a host with a slash":   "GET / HTTP/1.1\r\nHost: a/../b\r\n\r\n",
		"two lengths":           "POST " + leave + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 26\r\n\r\nList-Unsubscribe=One-Click",
		"a negative length":     "POST " + leave + " HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
		"a vast length":         "POST " + leave + " HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
		"odd transfer encoding": "POST " + leave + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
		"a bad chunk":           "POST " + leave + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nList\r\n0\r\n\r\n",
		"a bare CR":             "GET / HTTP/1.1\r\nHost: a\r\nX: a\rSet-Cookie: x=1\r\n\r\n",
		"a NUL":                 "GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
		"HTTP/0.9":              "GET /\r\n\r\n",
		"HTTP/9.9":              "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
		"TLS":                   "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"HTTP/2":                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		work.Go(func() { // the server lingers before it ends such a connection
			if got := f.raw(t, text); got != "" && !strings.HasPrefix(got, "HTTP/1.1 4") && !strings.HasPrefix(got, "HTTP/1.1 5") {
				t.Errorf("%s: %.120q", name, got)
			}
		})
	}
	work.Wait()
	for _, in := range []string{"/%0d%0aSet-Cookie:%20x=1", "/?a=%0d%0aSet-Cookie:%20x=1", "/editions/1%0aX-Evil:1", "/leave/%0d%0aX-Evil:1"} {
		_, head, _ := f.ask(http.MethodGet, in, "", nil, 1)
		if head.Get("Set-Cookie") != "" || head.Get("X-Evil") != "" {
			t.Errorf("%s comes back as a header: %v", in, head)
		}
	}
	for name, value := range map[string]string{
		"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript", "X-Original-URL": "/draft/x",
		"X-Http-Method-Override": "POST", "X-Forwarded-For": "' OR 1=1 --, ::1, \"<script>\"", "Forwarded": "for=evil.example;host=evil.example",
		"Range": "bytes=0-0,0-0,0-0,0-0,0-0", "If-None-Match": strings.Repeat(`"a",`, 2000), "Expect": "100-continue", "Accept-Encoding": "gzip;q=9e9",
	} {
		got := f.raw(t, "GET "+leave+" HTTP/1.1\r\nHost: digest.example.org\r\n"+name+": "+value+"\r\nConnection: close\r\n\r\n")
		if strings.Contains(got, "evil.example") || strings.HasPrefix(got, "HTTP/1.1 500") {
			t.Errorf("%s: %s: %.300q", name, value, got)
		}
	}
}

// wrongMethods asks every page with methods that no page has.
func wrongMethods(f *fort, t *testing.T) {
	for i, path := range append(f.paths(), "/", "/editions", "/editions/1", "/editions/1.json", "/editions.atom", "/pieces/1", "/method", "/site.css", "/robots.txt") {
		for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "FOO", "GET\tX"} {
			got := f.raw(t, method+" "+path+" HTTP/1.1\r\nHost: digest.example.org\r\nContent-Length: 26\r\nConnection: close\r\n\r\nList-Unsubscribe=One-Click")
			if !strings.HasPrefix(got, "HTTP/1.1 4") && !strings.HasPrefix(got, "HTTP/1.1 501") {
				t.Errorf("%s %s: %.80q", method, path, got)
			}
		}
		if i >= 5 {
			if status, _, _ := f.post(path, url.Values{"a": {"b"}}, i); status != http.StatusMethodNotAllowed && status != http.StatusNotFound {
				t.Errorf("POST %s: %d", path, status)
			}
		}
	}
}

// wrongBodies sends forms that are none. Leaving is left out: a provider's request
// is heeded whatever it is written in.
func wrongBodies(f *fort, t *testing.T) {
	bomb := func(parts int, size int) (string, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for i := range parts {
			p, _ := w.CreateFormFile(fmt.Sprintf("f%d", i), "x")
			_, _ = p.Write(make([]byte, size))
		}
		w.Close()
		return w.FormDataContentType(), b.String()
	}
	many, manyBody := bomb(400, 1)
	files, filesBody := bomb(3, 15<<10)
	for name, body := range map[string][2]string{
		"JSON":                {"application/json", `{"address": "abuse@example.org"}`},
		"XML with an entity":  {"application/xml", `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`},
		"no type":             {"", "address=abuse@example.org"},
		"an impossible type":  {"text/\x7f;;;===", "address=abuse@example.org"},
		"another charset":     {"application/x-www-form-urlencoded; charset=utf-7", "address=+AGEAQAA-"},
		"multipart, no bound": {"multipart/form-data", "--x\r\n\r\n--x--"},
		"multipart, cut off":  {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"address\"\r\n\r\nabuse@exam"},
		"multipart, nested":   {"multipart/form-data; boundary=x", strings.Repeat("--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", 500)},
		"multipart, many":     {many, manyBody},
		"multipart, files":    {files, filesBody},
		"10,000 keys":         {"application/x-www-form-urlencoded", strings.Repeat("a=1&", 10_000)},
		"bad escapes":         {"application/x-www-form-urlencoded", "address=%zz%&%%%=%;;&&&==&address=%ff%fe"},
		"NULs":                {"application/x-www-form-urlencoded", "address=abuse%00@example.org&name=%00%00"},
		"gzip":                {"application/x-www-form-urlencoded\r\nContent-Encoding: gzip", "\x1f\x8b\x08\x00\x00"},
	} {
		for i, path := range f.paths() {
			if strings.HasPrefix(path, "/leave/") {
				continue
			}
			status, head, text := f.ask(http.MethodPost, path, body[0], strings.NewReader(body[1]), i)
			if status >= 500 || strings.Contains(text, "root:") || head.Get("Set-Cookie") != "" {
				t.Errorf("%s to %s: %d", name, path[:6], status)
			}
		}
	}
}
