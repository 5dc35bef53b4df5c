package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// Operator answers whoever runs the daemon.
type Operator struct {
	// Alive returns why the process should be restarted, or nil.
	Alive func() error
	// Ready returns, one line each, why work is not done as it should be; none
	// when all is well.
	Ready func(context.Context) []string
	// Metrics writes the figures.
	Metrics *Metrics
}

// Handler answers /healthz, /readyz and /metrics, and nothing else.
func (o Operator) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		var reasons []string
		if err := o.Alive(); err != nil {
			reasons = []string{err.Error()}
		}
		report(w, reasons)
	})
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, r *http.Request) { report(w, o.Ready(r.Context())) })
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		o.Metrics.Write(r.Context(), w)
	})
	return mux
}

// report says "ok", or with status 503 the reasons, one line each.
func report(w http.ResponseWriter, reasons []string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	if len(reasons) == 0 {
		fmt.Fprintln(w, "ok")
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	for _, r := range reasons {
		fmt.Fprintln(w, strings.Join(strings.Fields(r), " "))
	}
}
