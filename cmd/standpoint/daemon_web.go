package main

import (
	"fmt"

	"standpoint/digest/web"
)

// sideline is the web side for the operator, while the configuration wants one.
type sideline struct {
	addr   string // as the configuration writes it; empty: none
	server *web.Server
}

// listen opens the web side at an address, or closes it for the empty one. An
// address that cannot be had leaves everything as it was.
func (l *life) listen(addr string) error {
	if addr == l.side.addr {
		return nil
	}
	next := sideline{addr: addr}
	if addr != "" {
		at, err := web.Loopback(addr)
		if err != nil {
			return fmt.Errorf("operator.listen: %w", err)
		}
		next.server = web.Serve(at, web.Operator{Alive: l.alive, Ready: l.ready, Metrics: l.metrics}.Handler(), l.log)
		l.log.Info("health and metrics", "listen", addr)
	}
	l.unlisten()
	l.side = next
	return nil
}

func (l *life) unlisten() {
	if l.side.server != nil {
		if err := l.side.server.Close(); err != nil {
			l.log.Warn("web side not closed in order", "err", err)
		}
	}
	l.side = sideline{}
}
