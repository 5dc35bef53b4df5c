package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// How a ping is tried: shortly, since an edition waits for nothing and a lost
// ping costs one false alarm.
const (
	pingTries = 3
	pingTime  = 10 * time.Second // for one try
	pingPause = 5 * time.Second  // before the second; doubled before the third
)

// Ping asks an address with GET and takes any 2xx for a success. It tries three
// times, some seconds apart. The address is the operator's own, so it may be in a
// private network; redirects are not followed. The error names the host alone:
// the path is a secret of the service that waits for the ping.
func Ping(ctx context.Context, transport http.RoundTripper, address, agent string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("ping: not an address")
	}
	client := &http.Client{
		Transport: transport, Timeout: pingTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for try, pause := 1, pingPause; ; try, pause = try+1, 2*pause {
		err := pingOnce(ctx, client, address, agent)
		if err == nil {
			return nil
		}
		if try == pingTries || ctx.Err() != nil {
			return fmt.Errorf("ping %s: %w", u.Host, err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

func pingOnce(ctx context.Context, client *http.Client, address, agent string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return errors.New("not an address")
	}
	r.Header.Set("User-Agent", agent)
	answer, err := client.Do(r)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // the outer error quotes the address
		}
		return err
	}
	defer answer.Body.Close()
	io.CopyN(io.Discard, answer.Body, 4<<10) // so that the connection can end in order
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}
