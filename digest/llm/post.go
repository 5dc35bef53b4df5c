package llm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	longestAnswer = 1 << 20 // bytes of a response
	longestReason = 200     // bytes of what a server says of its failure
)

// class is what kind of failure it was, and so what to do.
type class int

const (
	passing class = iota // may heal in seconds: asked again
	short                // cut off at its number of tokens: asked again with more
	broken               // no usable answer; several in a row, and nothing more is asked
	foreign              // an answer in form that does not hold for this piece
	final                // the endpoint will answer nothing in this run
)

// failure says why there is no answer.
type failure struct {
	class  class
	reason string
	after  time.Duration // what the server asks to wait
}

func (f *failure) Error() string { return f.reason }

func fail(c class, format string, args ...any) *failure {
	return &failure{class: c, reason: fmt.Sprintf(format, args...)}
}

// post sends a question and returns the text of the answer. The error is a
// *failure, or the context's.
func (c *Client) post(ctx context.Context, body []byte) (string, error) {
	asking, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(asking, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return "", fail(final, "its address cannot be asked: see llm.base_url")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	response, err := c.http.Do(r)
	if err != nil {
		return "", c.unheard(ctx, asking, err)
	}
	defer response.Body.Close()
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		return "", fail(broken, "it streams its answer, which it was asked not to do")
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer+1))
	switch {
	case err != nil:
		return "", c.unheard(ctx, asking, err)
	case len(data) > longestAnswer:
		return "", fail(broken, "its answer has more than %d bytes", longestAnswer)
	case response.StatusCode != http.StatusOK:
		return "", c.refused(response, data)
	}
	return content(data)
}

// unheard says why no whole answer came.
func (c *Client) unheard(ctx, asking context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // our own end is no fault of the endpoint
	}
	if asking.Err() != nil {
		// One more try would take as long and help as little.
		return fail(broken, "no answer within %v; a slow machine may need a longer llm.timeout", c.timeout)
	}
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err // without the address, which the message has
	}
	return fail(passing, "%s", c.oneLine(err.Error()))
}

// refused says what a status other than 200 means (RFC 9110, section 15).
func (c *Client) refused(r *http.Response, body []byte) error {
	switch s := r.StatusCode; {
	case s >= 300 && s < 400:
		to := "elsewhere"
		if u, err := r.Location(); err == nil {
			to = "to " + c.oneLine(u.Host)
		}
		return fail(final, "status %d: it redirects %s, which is not followed; if that is right, write it into llm.base_url", s, to)
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		return fail(final, "status %d: it does not accept the key; put a valid one into the variable that llm.key_env names", s)
	case s == http.StatusNotFound:
		return fail(final, "status 404: it does not know the model %q, or llm.base_url is not its address (most end in /v1)", c.model)
	case s == http.StatusTooManyRequests || s == http.StatusRequestTimeout || s >= 500:
		f := fail(passing, "status %d%s", s, c.excuse(body))
		f.after = retryAfter(r.Header)
		return f
	}
	return fail(broken, "status %d%s", r.StatusCode, c.excuse(body))
}

// retryAfter reads how long a server wants to be left alone, in seconds or as a
// date, which is held against the server's own clock (RFC 9110, section 10.2.3).
func retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), 24*3600)) * time.Second
	}
	until, err1 := http.ParseTime(value)
	now, err2 := http.ParseTime(h.Get("Date"))
	if err1 != nil || err2 != nil {
		return 0
	}
	return min(max(until.Sub(now), 0), 24*time.Hour)
}

// excuse is what an error object says, for the end of a message.
func (c *Client) excuse(body []byte) string {
	var object struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &object) != nil {
		return ""
	}
	var words string
	var inner struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(object.Error, &words) != nil && json.Unmarshal(object.Error, &inner) != nil {
		return ""
	}
	if words = c.oneLine(cmp.Or(words, inner.Message)); words == "" {
		return ""
	}
	return ": " + words
}

// oneLine makes words from outside fit for a log: short, without control
// characters and without the key, which some servers repeat.
func (c *Client) oneLine(words string) string {
	if c.key != "" {
		words = strings.ReplaceAll(words, c.key, "[hidden]")
	}
	words = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(words, " "), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	return words[:cut(words, longestReason)]
}

// completion is what we read of a response.
type completion struct {
	Choices []struct {
		FinishReason string `json:"finish_reason"`
		Message      struct {
			Content *string `json:"content"`
			Refusal string  `json:"refusal"`
		} `json:"message"`
	} `json:"choices"`
}

// content takes the answer's text out of a response.
func content(data []byte) (string, error) {
	start := bytes.TrimSpace(data)
	switch {
	case bytes.HasPrefix(start, []byte("<")):
		return "", fail(broken, "it answers with a web page: is llm.base_url the address of its API?")
	case bytes.HasPrefix(start, []byte("data:")):
		return "", fail(broken, "it streams its answer, which it was asked not to do")
	}
	var all completion
	if err := json.Unmarshal(data, &all); err != nil {
		return "", fail(broken, "its response is cut off or no JSON")
	}
	if len(all.Choices) == 0 {
		return "", fail(broken, "its response has no choices")
	}
	one := all.Choices[0]
	switch {
	case one.FinishReason == "length":
		return "", fail(short, "its answer was cut off at the limit of tokens, twice")
	case one.Message.Refusal != "" || one.FinishReason == "content_filter":
		return "", fail(foreign, "the model declines to answer")
	case one.Message.Content == nil || strings.TrimSpace(*one.Message.Content) == "":
		return "", fail(broken, "its answer is empty")
	}
	return *one.Message.Content, nil
}
