package llm

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// Options say whom to ask. BaseURL and Model are required.
type Options struct {
	BaseURL   string            // up to and without /chat/completions, e.g. http://localhost:11434/v1
	Model     string            // as the endpoint names it
	Key       string            // sent as a bearer token (RFC 6750, section 2.1); empty: none is sent
	Timeout   time.Duration     // of one request with its answer; 0: one minute
	Transport http.RoundTripper // nil: a plain one, without proxies
}

// Client asks one endpoint on one pack's question. It is safe for concurrent use.
type Client struct {
	pack    *topic.Pack
	print   string // of the pack
	address string // of the endpoint
	shown   string // the same for messages
	model   string
	key     string
	timeout time.Duration
	http    *http.Client
}

// New makes a client. Nothing is sent yet.
func New(pack *topic.Pack, o Options) (*Client, error) {
	u, err := url.Parse(o.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, errors.New("second opinion: the base address is not an http or https one without user; write e.g. http://localhost:11434/v1")
	}
	h := sha256.New()
	if err := pack.Hash(h); err != nil {
		return nil, fmt.Errorf("second opinion: %w", err)
	}
	c := &Client{
		pack: pack, print: hex.EncodeToString(h.Sum(nil)), model: o.Model, key: o.Key, timeout: o.Timeout,
		address: strings.TrimRight(o.BaseURL, "/") + "/chat/completions", shown: u.Host,
	}
	if c.timeout == 0 {
		c.timeout = time.Minute
	}
	transport := o.Transport
	if transport == nil {
		transport = &http.Transport{ForceAttemptHTTP2: true, MaxIdleConnsPerHost: together, IdleConnTimeout: time.Minute}
	}
	c.http = &http.Client{
		Transport: transport,
		// The key belongs to one host, and a question that is asked elsewhere is
		// not what the operator wrote.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// Model is whom the opinions are from.
func (c *Client) Model() string { return c.model }

// Close gives idle connections back.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Key names the opinion on a piece: the same for the same title and text, asked
// in the same words of the same model on the same pack. It is 64 hexadecimal
// digits.
func (c *Client) Key(title, text string) string {
	h := sha256.New()
	for _, part := range []string{promptVersion, c.model, c.print, title, text} {
		fmt.Fprintf(h, "%d %s\n", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Piece is what an opinion is asked on.
type Piece struct {
	Title string
	Text  string
	// Excerpts are the sentences to judge by, verbatim and in order; see
	// stance.Classifier.Excerpts.
	Excerpts []stance.Quote
}
