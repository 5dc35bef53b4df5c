package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"standpoint/digest/preflight"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// trySite asks the web side for what every letter links to.
func (s *settings) trySite(ctx context.Context, env *environment, resolver *net.Resolver) preflight.Report {
	if s.PublicURL == "" {
		return preflight.Report{}
	}
	var report preflight.Report
	if !store.Exists(s.StateDir()) {
		report.Facts = []preflight.Fact{{Subject: "web", Open: true, Text: "not asked: the first run makes the keys of readers' links"}}
		return report
	}
	nobodys, err := s.nobodysToken(ctx, env)
	if err != nil {
		report.Findings = []preflight.Finding{{Rule: 10, Severity: preflight.Error, What: "the web side was not asked: " + err.Error(), Mend: "see to the store first"}}
		return report
	}
	// The system's proxy settings are for what fetches feeds; readers have their own.
	transport := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, Resolver: resolver}).DialContext,
		TLSHandshakeTimeout: 10 * time.Second, DisableKeepAlives: true,
	}
	if proxy, err := url.Parse(s.Fetch.Proxy); err == nil && s.Fetch.Proxy != "" {
		transport.Proxy = http.ProxyURL(proxy)
	}
	return preflight.Site(ctx, transport, s.PublicURL, nobodys)
}

// nobodysToken is a link for leaving that takes nobody off, by the store's own keys.
func (s *settings) nobodysToken(ctx context.Context, env *environment) (text string, err error) {
	o, err := s.openCopy(ctx, env)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return o.worker.Keys.Sign(token.Leave, 0), nil
}
