//! A server that only sends stored answers: the lower bound of what a request can cost with axum.
//!
//! Reads a JSON object from standard input, whose members are `GET /path` or a method alone, and whose
//! values are bodies. Prints its address, then serves until it is killed. The bodies of requests are
//! parsed as JSON.

use std::{collections::HashMap, io::Write as _, net::Ipv4Addr, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, Uri, header::CONTENT_TYPE};

type Answers = Arc<HashMap<String, Bytes>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answers: HashMap<String, String> = serde_json::from_reader(std::io::stdin())?;
    let answers = answers
        .into_iter()
        .map(|(request, body)| (request, Bytes::from(body)))
        .collect();
    let app = Router::new()
        .fallback(answer)
        .with_state(Answers::new(answers));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let mut output = std::io::stdout();
    writeln!(output, "{}", listener.local_addr()?)?;
    output.flush()?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn answer(State(answers): State<Answers>, method: Method, uri: Uri, body: Bytes) -> Response {
    let valid = body.is_empty() || serde_json::from_slice::<serde_json::Value>(&body).is_ok();
    if !valid {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let found = answers
        .get(&format!("{method} {uri}"))
        .or_else(|| answers.get(method.as_str()));
    match found {
        Some(body) => {
            let json = HeaderValue::from_static("application/json");
            ([(CONTENT_TYPE, json)], body.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
