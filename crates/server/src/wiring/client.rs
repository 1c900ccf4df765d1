//! Who a request came from, when proxies stand in between.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use tintero_http::ClientAddress;

use crate::config::TrustedProxies;

/// The field in which each proxy adds who asked it.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The router with the client's address noted on every request.
pub(super) fn noted(router: Router, proxies: TrustedProxies) -> Router {
    router.layer(from_fn_with_state(proxies, note))
}

async fn note(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let client = client(peer.ip(), request.headers(), &proxies);
        request.extensions_mut().insert(ClientAddress(client));
    }
    next.run(request).await
}

/// The last address that a proxy we trust did not vouch for. Whatever stands before it may be made up.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> IpAddr {
    let fields = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|field| field.to_str().ok());
    let hops: Vec<_> = fields
        .flat_map(|field| field.split(','))
        .map(|hop| hop.trim().parse())
        .collect();
    let mut client = peer.to_canonical();
    for hop in hops.into_iter().rev() {
        let (true, Ok(hop)) = (proxies.contains(client), hop) else {
            break;
        };
        client = IpAddr::to_canonical(&hop);
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Value as _;

    fn seen(peer: &str, forwarded: &str) -> String {
        let proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, forwarded.parse().unwrap());
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(
            seen("192.0.2.1", "203.0.113.9"),
            "192.0.2.1",
            "a stranger may say anything"
        );
        assert_eq!(seen("10.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(
            seen("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2"),
            "203.0.113.9"
        );
        assert_eq!(seen("10.0.0.1", "nonsense"), "10.0.0.1");
    }
}
