package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"

	"standpoint/digest/config"
	digestmail "standpoint/digest/mail"
	"standpoint/digest/web"
	"standpoint/templates"
)

// site makes the web side for readers and the editor on an open store.
func (o *office) site(wake func(context.Context)) (*web.Site, error) {
	pages, err := templates.ParseSite()
	if err != nil {
		return nil, err
	}
	proxies := make([]netip.Prefix, 0, len(o.Web.Proxies))
	for _, p := range o.Web.Proxies {
		network, err := config.Network(p)
		if err != nil {
			return nil, fmt.Errorf("web.proxies: %w", err)
		}
		proxies = append(proxies, network)
	}
	w := o.worker
	return &web.Site{
		Store: w.Store, Keys: w.Keys, Pack: w.Pack, Renderer: w.Renderer, Frame: w.Frame,
		Pages: pages, Zone: w.Zone, Now: w.Now, Log: w.Log,
		Proxies: proxies, SignUp: o.Web.SignUp, KeepClient: o.Web.KeepClient, NoIndex: o.Web.NoIndex,
		Recipient: recipient, Drafts: o.drafts(), Wake: wake,
	}, nil
}

// recipient takes the address alone out of what somebody typed.
func recipient(typed string) (string, error) {
	a, err := digestmail.ParseReader(typed)
	return a.Address, err
}

// setSite gives the office the handler of readers' requests, where the
// configuration wants one.
func (o *office) setSite(wake func(context.Context)) error {
	if o.Web.Listen == "" {
		return nil
	}
	site, err := o.site(wake)
	if err == nil {
		o.readers = site.Handler()
	}
	return err
}

// joinable says whether readers may come by themselves: then a list without any
// is no mistake.
func (s *settings) joinable() bool { return s.Web.Listen != "" && s.Web.SignUp }

// openPublic begins to answer readers at an address.
func (l *life) openPublic(addr string) (*web.Server, error) {
	at, err := web.Listen(addr)
	if err != nil {
		return nil, fmt.Errorf("web.listen: %w", err)
	}
	return l.servePublic(at), nil
}

func (l *life) servePublic(at net.Listener) *web.Server {
	l.log.Info("web side for readers", "listen", at.Addr().String())
	return web.ServePublic(at, http.HandlerFunc(l.answerReader), l.log)
}

// answerReader answers by the office that is open. Between two configurations, or
// shortly before the end, there is none: whoever asks, mail providers with a
// reader's unsubscription among them, shall ask again.
func (l *life) answerReader(w http.ResponseWriter, r *http.Request) {
	err := l.ask(func(o *office) error {
		if o.readers == nil {
			return errBusy
		}
		o.readers.ServeHTTP(w, r)
		return nil
	})
	if errors.Is(err, errBusy) {
		w.Header().Set("Retry-After", "5")
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "please try again in a few seconds", http.StatusServiceUnavailable)
	}
}
