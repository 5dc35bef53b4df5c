package web

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Metrics are the figures of a daemon: what it counts while it runs, and what is
// read when they are asked for. All times are seconds since 1970, all durations
// seconds. The text is Prometheus' exposition format, version 0.0.4.
type Metrics struct {
	set  *metrics.Set
	read func(context.Context, *Figures) error
}

// NewMetrics makes metrics that ask read for the figures of the moment. An error
// shows as standpoint_up 0.
func NewMetrics(read func(context.Context, *Figures) error) *Metrics {
	return &Metrics{set: metrics.NewSet(), read: read}
}

// Build names what is running.
func (m *Metrics) Build(version, goVersion string) {
	m.set.GetOrCreateGauge(name("standpoint_build_info", "version", version, "go", goVersion), nil).Set(1)
}

// Job counts a run of a job that ended at a time.
func (m *Metrics) Job(job string, took time.Duration, failed bool, ended time.Time) {
	outcome := "done"
	if failed {
		outcome = "failed"
	}
	m.set.GetOrCreateCounter(name("standpoint_job_runs_total", "job", job, "outcome", outcome)).Inc()
	m.set.GetOrCreateFloatCounter(name("standpoint_job_seconds_total", "job", job)).Add(took.Seconds())
	m.set.GetOrCreateGauge(name("standpoint_job_last_seconds", "job", job), nil).Set(took.Seconds())
	m.set.GetOrCreateGauge(name("standpoint_job_last_end_timestamp_seconds", "job", job), nil).Set(seconds(ended))
}

// Write writes all figures, with those of the process and of Go.
func (m *Metrics) Write(ctx context.Context, w io.Writer) {
	var now Figures
	up := 1
	if err := m.read(ctx, &now); err != nil {
		up = 0
	}
	fmt.Fprintf(w, "standpoint_up %d\n", up)
	w.Write([]byte(now.text.String()))
	m.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}

// Figures are those of one moment.
type Figures struct{ text strings.Builder }

// Gauge adds a figure with its labels, name and value by turns.
func (f *Figures) Gauge(metric string, value float64, labels ...string) {
	metrics.WriteGaugeFloat64(&f.text, name(metric, labels...), value)
}

// Time adds a moment; there is no line for the zero time.
func (f *Figures) Time(metric string, t time.Time, labels ...string) {
	if !t.IsZero() {
		f.Gauge(metric, seconds(t), labels...)
	}
}

// byState adds a figure for each state, in one order.
func byState[S ~string](f *Figures, metric, label string, counts map[S]int) {
	for _, state := range slices.Sorted(maps.Keys(counts)) {
		f.Gauge(metric, float64(counts[state]), label, string(state))
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// name writes a metric with its labels.
func name(metric string, labels ...string) string {
	if len(labels) == 0 {
		return metric
	}
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
	var pairs []string
	for pair := range slices.Chunk(labels, 2) {
		pairs = append(pairs, fmt.Sprintf(`%s="%s"`, pair[0], escape.Replace(pair[1])))
	}
	return metric + "{" + strings.Join(pairs, ",") + "}"
}
