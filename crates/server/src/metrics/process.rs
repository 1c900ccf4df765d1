use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeCounterValue, EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::MetricType,
};
use tintero_http::AnswerCache;
use tintero_storage::cost;

use crate::{serve::ConnectionCounters, text_pool::TextPool};

/// The parts of a server that keep counters of their own.
pub(crate) struct MetricSources {
    /// The stored answers.
    pub(crate) answers: AnswerCache,
    /// The connections.
    pub(crate) connections: ConnectionCounters,
    /// The workers on texts.
    pub(crate) pool: TextPool,
}

/// Counters that other parts of the server keep. They are read when the page is requested.
pub(super) struct ProcessMetrics(MetricSources);

impl ProcessMetrics {
    pub(super) fn new(sources: MetricSources) -> Self {
        Self(sources)
    }

    fn encode_answers(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let answers = self.0.answers.statistics();
        let reads = [("hit", answers.hits), ("miss", answers.misses)];
        let about = (
            "answer_cache_reads",
            "Reads whose answer was stored (hit), or was loaded and then stored (miss)",
        );
        encode(encoder, about, &Counts("result", reads))?;
        let about = ("answer_cache_entries", "Stored answers");
        encode(encoder, about, &Level(answers.entries))?;
        let about = ("answer_cache_bytes", "Memory of stored answers in bytes");
        encode(encoder, about, &Level(answers.bytes))
    }

    fn encode_connections(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let connections = &self.0.connections;
        let about = ("connections_open", "Open connections");
        encode(encoder, about, &Level(connections.open()))?;
        let rejected = [
            ("address", connections.refused()),
            ("stalest", connections.replaced()),
        ];
        let about = (
            "connections_rejected",
            "Connections that were refused, because their address had too many, or closed for others",
        );
        encode(encoder, about, &Counts("reason", rejected))
    }

    fn encode_pool(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let pool = self.0.pool.statistics();
        let about = ("text_threads_busy", "Threads that work on long texts");
        encode(encoder, about, &Level(pool.busy as u64))?;
        let about = (
            "text_jobs_waiting",
            "Renderings, diffs and merges that wait for a thread",
        );
        encode(encoder, about, &Level(pool.waiting as u64))?;
        let about = (
            "text_jobs_refused",
            "Renderings, diffs and merges that were refused, because too many were waiting",
        );
        encode(encoder, about, &Total(pool.refused))
    }
}

impl fmt::Debug for ProcessMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProcessMetrics")
    }
}

impl Collector for ProcessMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let totals = cost::totals();
        let requests = [("read", totals.reads), ("write", totals.writes)];
        let about = ("dynamodb_requests", "Requests to DynamoDB");
        encode(&mut encoder, about, &Counts("kind", requests))?;
        let units = [("read", totals.read_units), ("write", totals.write_units)];
        let about = ("dynamodb_capacity_units", "Consumed capacity of DynamoDB");
        encode(&mut encoder, about, &Counts("kind", units))?;
        self.encode_answers(&mut encoder)?;
        self.encode_connections(&mut encoder)?;
        self.encode_pool(&mut encoder)
    }
}

fn encode(
    encoder: &mut DescriptorEncoder<'_>,
    (name, about): (&str, &str),
    metric: &impl EncodeMetric,
) -> fmt::Result {
    let encoder = encoder.encode_descriptor(name, about, None, metric.metric_type())?;
    metric.encode(encoder)
}

/// Counters that differ in the value of one label.
struct Counts<N>(&'static str, [(&'static str, N); 2]);

impl<N: EncodeCounterValue> EncodeMetric for Counts<N> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let Self(label, counts) = self;
        for (value, count) in counts {
            let labels = [(*label, *value)];
            let mut counter = encoder.encode_family(&labels)?;
            counter.encode_counter::<NoLabelSet, N, u64>(count, None)?;
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Counter
    }
}

/// A number that only increases.
struct Total(u64);

impl EncodeMetric for Total {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        encoder.encode_counter::<NoLabelSet, u64, u64>(&self.0, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Counter
    }
}

/// A number that can decrease.
struct Level(u64);

impl EncodeMetric for Level {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        encoder.encode_gauge(&i64::try_from(self.0).unwrap_or(i64::MAX))
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Gauge
    }
}
