// Package web is the daemon's small HTTP side. It answers readers and the editor:
// the archive, joining, choosing and leaving, and drafts (Site). It answers the
// operator's own tools: whether the daemon is alive, whether it can do its work,
// and figures for Prometheus (Operator); and it calls an address after each success.
//
// It refuses to listen for the operator on anything but loopback. It promises that
// GET and HEAD change nothing, and that a slow or hostile client holds nothing up:
// every request has its time and its size.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// The limits of a request. What is answered here is short and read by machines
// nearby.
const (
	headTime   = 5 * time.Second  // for the request's head
	wholeTime  = 30 * time.Second // for request and answer
	idleTime   = 2 * time.Minute  // between two requests of a connection
	maxHead    = 16 << 10         // bytes
	answerTime = 10 * time.Second // for what a handler asks of others
	closeTime  = 2 * time.Second  // for answers in hand at the end
)

// Server answers requests until it is closed.
type Server struct {
	http *http.Server
	done chan struct{}
}

// Loopback listens at an address of this machine alone, written as host and port.
// Port 0 takes any that is free.
func Loopback(addr string) (net.Listener, error) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("listen %s: not an address of this machine alone, such as 127.0.0.1:9310", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%w; stop what listens there, or choose another port", err)
	}
	return l, nil
}

// Serve answers what comes to the listener, which it closes at the end.
func Serve(l net.Listener, h http.Handler, log *slog.Logger) *Server {
	return serve(l, log, &http.Server{
		Handler:           http.TimeoutHandler(readOnly(h), answerTime, "busy\n"),
		ReadHeaderTimeout: headTime, ReadTimeout: wholeTime, WriteTimeout: wholeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHead,
	})
}

func serve(l net.Listener, log *slog.Logger, how *http.Server) *Server {
	how.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	s := &Server{done: make(chan struct{}), http: how}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("web side ended", "listen", l.Addr().String(), "err", err)
		}
	}()
	return s
}

// Close lets the answers in hand be finished, for two seconds, and ends the rest.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	<-s.done
	return err
}

// readOnly refuses methods that could change something (RFC 9110, section 9.2.1),
// and bodies with them.
func readOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 0)
		next.ServeHTTP(w, r)
	})
}
