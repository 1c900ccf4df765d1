use std::{convert::Infallible, net::IpAddr};

use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderMap, Uri, header};
use lambda_http::{
    Adapter, Context, LambdaEvent,
    lambda_runtime::{Diagnostic, service_fn},
    request::{LambdaRequest, RequestContext},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::value::{RawValue, to_raw_value};
use tintero_http::ClientAddress;
use tower::ServiceExt as _;

use super::{Function, fault};
use crate::serve::{FORWARDED_FOR, client_address, respond};

/// Maximum size of a body of an answer in bytes. Lambda allows 6 MiB for the event, in which the body is
/// text in JSON or base64.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
pub(crate) const MAX_ANSWER: usize = 3 * 1024 * 1024;

/// Characters that API Gateway decodes in paths, but that URIs cannot contain. UTF-8 is encoded too.
const DECODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl Function {
    /// Answers a request through the router, in the form that the sender of the event expects.
    pub(super) async fn answer(
        &self,
        mut request: LambdaRequest,
        context: Context,
    ) -> Result<Box<RawValue>, Diagnostic> {
        normalize(&mut request);
        let service =
            service_fn(|request| async { Ok::<_, Infallible>(self.respond(request).await) });
        let event = LambdaEvent::new(request, context);
        let answered = Adapter::from(service).oneshot(event).await;
        let answered = answered.unwrap_or_else(|never| match never {});
        to_raw_value(&answered).map_err(|error| fault("Serialization", error.to_string()))
    }

    async fn respond(&self, request: lambda_http::Request) -> Response {
        let peer = request
            .extensions()
            .get()
            .and_then(|context| peer(context, request.headers()));
        let mut request = request.map(|body| match body {
            lambda_http::Body::Text(text) => Body::from(text),
            lambda_http::Body::Binary(bytes) => Body::from(bytes),
            _ => Body::empty(),
        });
        self.remove_base_path(&mut request);
        if let Some(peer) = peer {
            let address = client_address(peer, request.headers(), &self.proxies);
            request.extensions_mut().insert(ClientAddress(address));
        }
        respond(self.router.clone(), request).await
    }

    /// Removes the path of the public URL, which custom domains keep.
    fn remove_base_path(&self, request: &mut Request) {
        let uri = request.uri();
        let path = uri.path();
        let below = path.strip_prefix(self.base_path.as_str()).unwrap_or(path);
        let path = if below.starts_with('/') { below } else { path };
        let path_and_query = match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        // The router needs no authority, and a part of a URI is a valid URI.
        if let Ok(uri) = path_and_query.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
}

/// Changes what `lambda_http` would not take as API Gateway means it.
fn normalize(request: &mut LambdaRequest) {
    match request {
        LambdaRequest::ApiGatewayV1(event) => {
            // `path` never contains the stage; it would be added.
            event.request_context.stage = None;
            encode(&mut event.path);
            single(&event.multi_value_headers, &mut event.headers);
        }
        LambdaRequest::ApiGatewayV2(event) => {
            let context = &mut event.request_context;
            // Only the domain of API Gateway itself has the stage in the path.
            let is_own_domain =
                context.domain_prefix.is_some() && context.domain_prefix == context.apiid;
            if let (Some(stage), Some(path), true) =
                (context.stage.take(), &mut event.raw_path, is_own_domain)
                && let Some(below) = path.strip_prefix(&format!("/{stage}"))
                && (below.is_empty() || below.starts_with('/'))
            {
                *path = format!("/{}", below.trim_start_matches('/'));
            }
            encode(&mut event.raw_path);
        }
        LambdaRequest::Alb(event) => {
            encode(&mut event.path);
            single(&event.multi_value_headers, &mut event.headers);
        }
        _ => {}
    }
}

/// Encodes a decoded path.
fn encode(path: &mut Option<String>) {
    if let Some(path) = path {
        *path = utf8_percent_encode(path, DECODED).to_string();
    }
}

/// Keeps all values of a header: those of `headers`, of which there is one each, would replace them.
fn single(all: &HeaderMap, headers: &mut HeaderMap) {
    if !all.is_empty() {
        let host = headers.remove(header::HOST);
        headers.clear();
        headers.extend(host.map(|host| (header::HOST, host)));
    }
}

/// Returns the address that opened the connection to API Gateway or to the load balancer.
fn peer(context: &RequestContext, headers: &HeaderMap) -> Option<IpAddr> {
    let address = match context {
        RequestContext::ApiGatewayV1(context) => context.identity.source_ip.as_deref(),
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref(),
        // A load balancer appends it.
        _ => {
            let last = headers.get_all(FORWARDED_FOR).iter().next_back();
            last.and_then(|field| field.to_str().ok()?.rsplit(',').next())
        }
    };
    address?.trim().parse().ok()
}
