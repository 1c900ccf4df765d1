use lambda_http::request::LambdaRequest;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;

use super::authorizer::AuthorizerRequest;

/// The sources of records after which background work is due.
const STREAM: &str = "aws:dynamodb";

/// The type of events of `EventBridge` schedules.
const SCHEDULED: &str = "Scheduled Event";

/// An event that the function can handle.
pub(super) enum Event {
    /// A request that API Gateway (HTTP API, payload format 2.0, or REST API) or a load balancer forwards.
    Http(Box<LambdaRequest>),
    /// A request that API Gateway wants to be authorised (payload format 2.0).
    Authorize(Box<AuthorizerRequest>),
    /// A scheduled event, or records of a DynamoDB stream: background work is due.
    Work,
}

/// The members that tell the kinds of events apart.
#[derive(Debug, Default, Deserialize)]
struct Marks {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "routeArn")]
    route: Option<String>,
    #[serde(rename = "detail-type")]
    detail: Option<String>,
    #[serde(rename = "Records", default)]
    records: Vec<Record>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_source: Option<String>,
}

impl Marks {
    fn asks_for_authorization(&self) -> bool {
        self.kind.as_deref() == Some("REQUEST") && self.route.is_some()
    }

    fn asks_for_work(&self) -> bool {
        let is_of_stream = |record: &Record| record.event_source.as_deref() == Some(STREAM);
        self.detail.as_deref() == Some(SCHEDULED)
            || !self.records.is_empty() && self.records.iter().all(is_of_stream)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        // Other values than objects have no members, and events of other senders have members of other types.
        let marks: Marks = serde_json::from_str(raw.get()).unwrap_or_default();
        if marks.asks_for_work() {
            return Ok(Self::Work);
        }
        if marks.asks_for_authorization() {
            let request = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
            return Ok(Self::Authorize(request));
        }
        let request = serde_json::from_str(raw.get()).map_err(|_| {
            D::Error::custom(
                "the event is none of: a request of API Gateway or of a load balancer, a request of a \
                 Lambda authorizer (payload format 2.0), a scheduled event, records of a DynamoDB stream",
            )
        })?;
        Ok(Self::Http(request))
    }
}
