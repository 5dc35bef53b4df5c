package main

import (
	"fmt"

	"standpoint/digest/web"
)

// sideline is a server of the daemon, while the configuration wants it.
type sideline struct {
	addr   string // as the configuration writes it; empty: none
	server *web.Server
}

// at returns the server at an address: the one that is there, or a new one.
func (side sideline) at(addr string, open func(string) (*web.Server, error)) (next sideline, err error) {
	switch addr {
	case side.addr:
		return side, nil
	case "":
		return sideline{}, nil
	}
	server, err := open(addr)
	return sideline{addr, server}, err
}

// listen opens the servers that a configuration wants, one for the operator and
// one for readers, and closes those that it does not. An address that cannot be
// had leaves everything as it was.
func (l *life) listen(s *settings) error {
	operator, err := l.operator.at(s.Operator.Listen, l.openOperator)
	if err != nil {
		return err
	}
	public, err := l.public.at(s.Web.Listen, l.openPublic)
	if err != nil {
		l.closeSide(operator, l.operator)
		return err
	}
	was, before := l.operator, l.public
	l.operator, l.public = operator, public
	l.closeSide(was, operator)
	l.closeSide(before, public)
	return nil
}

// openOperator begins to answer the operator's tools at an address.
func (l *life) openOperator(addr string) (*web.Server, error) {
	at, err := web.Loopback(addr)
	if err != nil {
		return nil, fmt.Errorf("operator.listen: %w", err)
	}
	l.log.Info("health and metrics", "listen", addr)
	return web.Serve(at, web.Operator{Alive: l.alive, Ready: l.ready, Metrics: l.metrics}.Handler(), l.log), nil
}

// closeSide closes a server unless it stays as the other.
func (l *life) closeSide(side, stays sideline) {
	if side.server == nil || side.server == stays.server {
		return
	}
	if err := side.server.Close(); err != nil {
		l.log.Warn("web side not closed in order", "err", err)
	}
}

// unlistenPublic lets readers' requests in hand be finished, and takes no more.
func (l *life) unlistenPublic() {
	l.closeSide(l.public, sideline{})
	l.public = sideline{}
}

// unlisten closes all servers.
func (l *life) unlisten() {
	l.unlistenPublic()
	l.closeSide(l.operator, sideline{})
	l.operator = sideline{}
}
