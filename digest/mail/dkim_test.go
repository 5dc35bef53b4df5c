package mail_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/google/go-cmp/cmp"

	"standpoint/digest/mail"
)

const (
	mark      = "tHe-mark_0f-a-1etter_n0b0dy-knew"
	aToken    = "AAAAAAAAAAAAAAAA-aaaaaaaaaaaaaa1"
	bToken    = "BBBBBBBBBBBBBBBB_bbbbbbbbbbbbbb2"
	webSide   = "https://digest.example.org"
	leaveMark = webSide + "/leave/" + mark
)

// keyOf reads a key of testdata, which signs nothing but these tests.
func keyOf(t testing.TB, name string) crypto.Signer {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	var key any
	if block.Type == "RSA PRIVATE KEY" {
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	} else {
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key.(crypto.Signer)
}

func dkimKey(t testing.TB, name string) mail.DKIMKey {
	t.Helper()
	k, err := mail.NewDKIMKey("example.org", name[:1]+"2026", keyOf(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// onWeb is a sender with all that mail can carry.
func onWeb(t testing.TB, keys ...string) mail.Sender {
	t.Helper()
	s := sender
	s.Web, s.FeedbackID = webSide, "standpoint-eu"
	for _, k := range keys {
		s.DKIM = append(s.DKIM, dkimKey(t, k))
	}
	return s
}

// personalLetter has a mark in both parts, twice in HTML, and long lines, blanks
// and non-ASCII around them.
func personalLetter() mail.Letter {
	return mail.Letter{
		Subject: "Standpoint 12: гарантії – who would stand guard", Mark: mark,
		HTML: `<!doctype html><html lang="en"><p><a href="` + leaveMark + `">Unsubscribe</a></p>` + strings.Repeat("<p>Garantien  für \t alle </p>\n", 40) +
			`<p>` + strings.Repeat("x", 40) + `<a href="` + leaveMark + `">Leave this list</a></p></html>` + "\n",
		Text: "Unsubscribe:\n" + leaveMark + "\n\n" + strings.Repeat("Guarantees = words?  \n", 20) + "\n\n\n",
	}
}

func compose(t testing.TB, s mail.Sender, l mail.Letter, to mail.Recipient) []byte {
	t.Helper()
	m, err := mail.Compose(s, l, to, 12, date)
	if err != nil {
		t.Fatal(err)
	}
	return m.Bytes()
}

func dns(t testing.TB, keys ...string) map[string]string {
	t.Helper()
	records := map[string]string{}
	for _, k := range keys {
		name, value := dkimKey(t, k).Record()
		records[name] = value
	}
	return records
}

// goVerifies says whether go-msgauth takes all signatures, and how many there are.
func goVerifies(t testing.TB, eml []byte, records map[string]string) (n int, err error) {
	t.Helper()
	checks, err := dkim.VerifyWithOptions(bytes.NewReader(eml), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) { return []string{records[name]}, nil },
	})
	for _, c := range checks {
		if c.Err != nil && err == nil {
			err = c.Err
		}
	}
	return len(checks), err
}

// In a bubble, where the signatures' time stands still.
func TestGoldenOnWeb(t *testing.T) {
	synctest.Test(t, goldenOnWeb)
}

func goldenOnWeb(t *testing.T) {
	for name, keys := range map[string][]string{"web": nil, "web-dkim": {"ed25519", "rsa"}} {
		s := onWeb(t, keys...)
		eml := compose(t, s, personalLetter(), mail.Recipient{ID: 7, Address: "reader@example.com", Name: "Zoë, a reader", Token: aToken})
		p := parse(t, eml)
		for field, want := range map[string]string{
			"List-Unsubscribe":      "<" + webSide + "/leave/" + aToken + ">, <mailto:digest+unsubscribe@example.org?subject=unsubscribe>", // S10
			"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
			"List-Archive":          "<" + webSide + "/editions>", "List-Help": "<mailto:digest@example.org?subject=help>", // S13
			"Feedback-Id": "12:standpoint:standpoint:standpoint-eu", // S15
		} {
			if got := p.head[field]; len(got) != 1 || got[0] != want {
				t.Errorf("%s: %q, want %q", field, got, want)
			}
		}
		if n := len(p.head["Dkim-Signature"]); n != len(keys) {
			t.Errorf("%d signatures, want %d", n, len(keys))
		}
		if bytes.Contains(eml, []byte(mark)) || strings.Count(p.contents[0], aToken) != 1 || strings.Count(p.contents[1], aToken) != 2 {
			t.Errorf("the tokens are not where the mark was:\n%s", p.contents)
		}
		lines(t, eml)
		golden(t, "testdata/"+name+".eml", eml)
	}
}

// A letter that is made again is the same to the byte, but for when it was signed.
func TestSignedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timed := regexp.MustCompile(`\bt=\d+;|\r\n b=\S+(\r\n \S+)*`)
		s, to := onWeb(t, "ed25519", "rsa"), mail.Recipient{ID: 1, Address: "a@example.com", Token: aToken}
		var letters, rests []string
		for range 2 {
			eml := compose(t, s, personalLetter(), to)
			if n, err := goVerifies(t, eml, dns(t, "ed25519", "rsa")); n != 2 || err != nil {
				t.Errorf("S2: %d signatures, %v", n, err)
			}
			letters, rests = append(letters, string(eml)), append(rests, timed.ReplaceAllString(string(eml), ""))
			time.Sleep(time.Hour)
		}
		if letters[0] == letters[1] {
			t.Error("signed at the same time: nothing is tested")
		}
		if diff := cmp.Diff(rests[0], rests[1]); diff != "" {
			t.Errorf("more differs than t= and b=:\n%s", diff)
		}
	})
}

// S2, S3: two verifiers that others wrote take the signatures of each kind.
func TestSignaturesVerify(t *testing.T) {
	var letters []signedLetter
	shared := mail.Letter{Subject: "Standpoint 12", HTML: "<p>x</p>\n", Text: " x\t y \n\n\n"}
	for name, c := range map[string]struct {
		keys []string
		l    mail.Letter
		from string
	}{
		"rsa": {[]string{"rsa"}, personalLetter(), ""}, "ed25519": {[]string{"ed25519"}, personalLetter(), ""},
		"both": {[]string{"ed25519", "rsa"}, personalLetter(), ""}, "one body for all": {[]string{"rsa", "ed25519"}, shared, ""},
		"subdomain": {[]string{"rsa"}, shared, "digest@a-very-long-name-of-a-newsletter.institute-for-european-security.example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			s := onWeb(t, c.keys...)
			if c.from != "" {
				s.From.Address = c.from
			}
			records := dns(t, c.keys...)
			eml := compose(t, s, c.l, mail.Recipient{ID: 1, Address: "a@example.com", Token: aToken})
			if n, err := goVerifies(t, eml, records); n != len(c.keys) || err != nil {
				t.Errorf("S2: go-msgauth: %d signatures, %v\n%s", n, err, eml[:1500])
			}
			letters = append(letters, signedLetter{string(eml), records, len(c.keys)})
		})
	}
	pythonVerifies(t, letters)
}

// signedLetter is what the verifier in Python is given of one letter.
type signedLetter struct {
	Message    string
	Records    map[string]string
	Signatures int
}

const dkimpy = `
import dkim, json, sys
n = 0
for l in json.load(sys.stdin):
    for i in range(l["Signatures"]):
        dns = lambda name, timeout=5: l["Records"][name.decode().rstrip(".")].encode()
        if not dkim.DKIM(l["Message"].encode(), minkey=1024).verify(idx=i, dnsfunc=dns):
            sys.exit("signature %d does not verify:\\n%s" % (i, l["Message"]))
        n += 1
print("verified", n)
`

func pythonVerifies(t *testing.T, letters []signedLetter) {
	t.Helper()
	python := "/usr/bin/python3" // Debian's own: it has python3-dkim, another on the path may not
	if _, err := os.Stat(python); err != nil {
		python = "python3"
	}
	if exec.CommandContext(t.Context(), python, "-c", "import dkim, nacl").Run() != nil {
		t.Skip("no second DKIM verifier: apt install python3-dkim python3-nacl")
	}
	data, err := json.Marshal(letters)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, l := range letters {
		n += l.Signatures
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", dkimpy)
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.CombinedOutput()
	if want := fmt.Sprintf("verified %d\n", n); err != nil || n == 0 || string(out) != want {
		t.Errorf("S2: dkimpy: %v: %s", err, out)
	}
}

// What servers on the way do to white space does no harm; all else does.
func TestSignatureCovers(t *testing.T) {
	records := dns(t, "ed25519")
	eml := string(compose(t, onWeb(t, "ed25519"), personalLetter(), mail.Recipient{ID: 1, Address: "a@example.com", Token: aToken}))
	post := "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
	for name, c := range map[string]struct {
		from, to string
		holds    bool
	}{
		"untouched":         {"", "", true},
		"received":          {"DKIM-Signature:", "Received: by mx.example.net; Mon, 2 Mar 2026 07:08:00 +0100\r\nDKIM-Signature:", true},
		"refolded":          {post, "List-Unsubscribe-Post:\r\n\tList-Unsubscribe=One-Click  \r\n", true},
		"empty lines":       {"--\r\n\x00", "--\r\n\r\n\r\n", true},
		"post taken out":    {post, "", false},
		"another token":     {"/leave/" + aToken + ">", "/leave/" + bToken + ">", false},
		"token in the body": {"\r\n" + webSide + "/leave/" + aToken, "\r\n" + webSide + "/leave/" + bToken, false},
		"second from":       {"From: ", "From: other@example.net\r\nFrom: ", false},
		"second subject":    {"\r\nSubject:", "\r\nSubject: Win\r\nSubject:", false},
		"subject":           {"?q?Standpoint_12", "?q?Standpoint_13", false},
		"list id":           {"List-ID: <standpoint", "List-ID: <standing", false},
		"feedback id":       {"Feedback-ID: 12:", "Feedback-ID: 13:", false},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.TrimSuffix(strings.Replace(eml+"\x00", c.from, c.to, 1), "\x00")
			if c.from != "" && changed == eml {
				t.Fatal("nothing was changed")
			}
			if _, err := goVerifies(t, []byte(changed), records); (err == nil) != c.holds {
				t.Errorf("verifies: %v, want %v", err, c.holds)
			}
		})
	}
}

// S3 by name.
func TestSignedFields(t *testing.T) {
	eml := compose(t, onWeb(t, "rsa"), personalLetter(), mail.Recipient{ID: 1, Address: "a@example.com", Token: aToken})
	h := strings.Join(strings.Fields(parse(t, eml).head.Get("DKIM-Signature")), "")
	_, h, _ = strings.Cut(h, ";h=")
	h, _, _ = strings.Cut(h, ";")
	names := strings.Split(strings.ToLower(h), ":")
	for _, want := range []string{
		"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
	} {
		if !slices.Contains(names, strings.ToLower(want)) {
			t.Errorf("S3: %s is not signed: %s", want, h)
		}
	}
	if strings.Contains(string(eml), "; l=") {
		t.Error("the signature has a length, behind which anybody could write")
	}
}
