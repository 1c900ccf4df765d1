//! Metrics in the text format of Prometheus, on an address of their own, so that the public cannot read
//! them. Start at [`Metrics`].
//!
//! `requests` counts answered requests, `process` reads the counters of the database, the stored answers, the
//! connections and the workers on texts when it is asked, and `listener` serves the page.

mod listener;
mod process;
mod requests;

use prometheus_client::{encoding::text, metrics::info::Info, registry::Registry};
use tintero_http::{AnsweredRequest, RequestObserver};

pub(crate) use self::{listener::serve, process::MetricSources};
use self::{process::ProcessMetrics, requests::RequestMetrics};

/// The metrics of a server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: RequestMetrics,
}

impl Metrics {
    /// Creates the metrics of a server.
    pub(crate) fn new(sources: MetricSources) -> Self {
        let mut registry = Registry::with_prefix("tintero");
        let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The running version", version);
        registry.register_collector(Box::new(ProcessMetrics::new(sources)));
        let requests = RequestMetrics::registered(&mut registry);
        Self { registry, requests }
    }

    /// Returns the page.
    fn page(&self) -> String {
        let mut page = String::new();
        text::encode(&mut page, &self.registry).expect("writing to a String cannot fail");
        page
    }
}

impl RequestObserver for Metrics {
    fn observe(&self, request: &AnsweredRequest<'_>) {
        self.requests.observe(request);
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use axum::http::{Method, StatusCode};
    use tintero_domain::freshness::PublicWrites;
    use tintero_http::AnswerCache;

    use super::*;
    use crate::{clock::SystemClock, serve::ConnectionCounters, text_pool::TextPool};

    #[test]
    fn the_page_counts_requests_by_route_and_status() {
        let answers = AnswerCache::new(1024, PublicWrites::default(), Arc::new(SystemClock));
        let metrics = Metrics::new(MetricSources {
            answers,
            connections: ConnectionCounters::default(),
            pool: TextPool::new(None),
        });
        for (method, status) in [
            (Method::GET, StatusCode::OK),
            (Method::GET, StatusCode::OK),
            (
                Method::from_bytes(b"BREW").unwrap(),
                StatusCode::METHOD_NOT_ALLOWED,
            ),
        ] {
            metrics.observe(&AnsweredRequest {
                method: &method,
                route: "/v1/posts",
                status,
                elapsed: Duration::from_millis(3),
            });
        }
        let page = metrics.page();
        for line in [
            r#"tintero_http_requests_total{method="GET",route="/v1/posts",status="200"} 2"#,
            r#"tintero_http_requests_total{method="other",route="/v1/posts",status="405"} 1"#,
            r#"tintero_http_request_duration_seconds_bucket{le="0.005",route="/v1/posts"} 3"#,
            r#"tintero_http_request_duration_seconds_count{route="/v1/posts"} 3"#,
            r#"tintero_answer_cache_reads_total{result="hit"} 0"#,
            "tintero_answer_cache_bytes 0",
            "tintero_connections_open 0",
            r#"tintero_connections_rejected_total{reason="address"} 0"#,
            r#"tintero_connections_rejected_total{reason="stalest"} 0"#,
            "tintero_text_threads_busy 0",
            "tintero_text_jobs_waiting 0",
            "tintero_text_jobs_refused_total 0",
            concat!(
                r#"tintero_build_info{version=""#,
                env!("CARGO_PKG_VERSION"),
                r#""} 1"#
            ),
            "# TYPE tintero_dynamodb_requests counter",
            "# EOF",
        ] {
            assert!(page.contains(line), "{line} is not in\n{page}");
        }
    }
}
