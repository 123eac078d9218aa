package server

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"personae/engine/watch"
)

// metrics are those of one server, in a registry of its own. An alert on
// personae_rejected_revision > 0 says that rules on disk are not what is shown.
type metrics struct {
	registry    *prometheus.Registry
	evaluations *prometheus.CounterVec
	seconds     prometheus.Histogram
	columns     *prometheus.CounterVec
	active      prometheus.Gauge
	rejected    prometheus.Gauge
	asOf        prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry:    prometheus.NewRegistry(),
		evaluations: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "personae_evaluations_total", Help: "Evaluations by result: active, rejected, superseded, failed."}, []string{"result"}),
		seconds:     prometheus.NewHistogram(prometheus.HistogramOpts{Name: "personae_evaluation_seconds", Help: "How long evaluations took, in seconds.", Buckets: prometheus.ExponentialBuckets(0.01, 4, 8)}),
		columns:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "personae_columns_total", Help: "Columns of results: calculated, or reused from an evaluation before."}, []string{"how"}),
		active:      prometheus.NewGauge(prometheus.GaugeOpts{Name: "personae_active_revision", Help: "The evaluation that is shown; 0 for none."}),
		rejected:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "personae_rejected_revision", Help: "The evaluation that was rejected after it; 0 for none."}),
		asOf:        prometheus.NewGauge(prometheus.GaugeOpts{Name: "personae_as_of_timestamp_seconds", Help: "The instant that the shown results are calculated for."}),
	}
	m.registry.MustRegister(m.evaluations, m.seconds, m.columns, m.active, m.rejected, m.asOf)
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) count(e watch.Event, now watch.Status) {
	m.evaluations.WithLabelValues(e.Result()).Inc()
	m.seconds.Observe(e.Took.Seconds())
	if e.Outcome != nil && e.Outcome.Results != nil {
		m.columns.WithLabelValues("calculated").Add(float64(e.Outcome.Results.Effort.Computed))
		m.columns.WithLabelValues("reused").Add(float64(e.Outcome.Results.Effort.Reused))
	}
	m.active.Set(0)
	m.rejected.Set(0)
	if now.Active != nil {
		m.active.Set(float64(now.Active.Revision))
		m.asOf.Set(float64(now.Active.Outcome.AsOf.Unix()))
	}
	if now.Rejected != nil {
		m.rejected.Set(float64(now.Rejected.Revision))
	}
}
