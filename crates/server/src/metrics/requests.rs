use axum::http::Method;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use tintero_http::AnsweredRequest;

/// Upper limits of the buckets of durations, in seconds. A stored answer takes less than a millisecond,
/// a large import some seconds.
const BUCKETS: [f64; 12] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// Numbers and durations of answered requests.
#[derive(Debug)]
pub(super) struct RequestMetrics {
    answered: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

impl RequestMetrics {
    pub(super) fn registered(registry: &mut Registry) -> Self {
        let answered = Family::default();
        registry.register("http_requests", "Answered requests", answered.clone());
        let durations: Family<_, Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let about = "Time from the head of a request to the head of its response";
        let unit = Unit::Seconds;
        registry.register_with_unit("http_request_duration", about, unit, durations.clone());
        Self {
            answered,
            durations,
        }
    }

    pub(super) fn observe(&self, request: &AnsweredRequest<'_>) {
        let route = request.route.to_owned();
        let labels = RequestLabels {
            method: method(request.method),
            route: route.clone(),
            status: request.status.as_u16(),
        };
        self.answered.get_or_create(&labels).inc();
        let duration = self.durations.get_or_create(&RouteLabels { route });
        duration.observe(request.elapsed.as_secs_f64());
    }
}

/// Returns the name of a method that the API has, because clients can send any number of others.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
