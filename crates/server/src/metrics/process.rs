use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeCounterValue, EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::MetricType,
};
use tintero_http::AnswerCache;
use tintero_storage::cost;

/// Counters that other parts of the server keep. They are read when the page is requested.
pub(super) struct ProcessMetrics {
    answers: AnswerCache,
}

impl ProcessMetrics {
    pub(super) fn new(answers: AnswerCache) -> Self {
        Self { answers }
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
        let answers = self.answers.statistics();
        let reads = [("hit", answers.hits), ("miss", answers.misses)];
        let about = (
            "answer_cache_reads",
            "Reads whose answer was stored (hit), or was loaded and then stored (miss)",
        );
        encode(&mut encoder, about, &Counts("result", reads))?;
        let about = ("answer_cache_entries", "Stored answers");
        encode(&mut encoder, about, &Level(answers.entries))?;
        let about = ("answer_cache_bytes", "Memory of stored answers in bytes");
        encode(&mut encoder, about, &Level(answers.bytes))
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
