//! Limits of the rate of requests.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::num::NonZeroU32;

use axum::body::Body;
use http::{Request, Response};
use tintero_domain::access::Role;
use tintero_http::{ClientAddress, Origins, RateQuotas};
use tower::ServiceExt as _;

use crate::{
    call::Call,
    site::{Site, site_with},
};

async fn limited(address: u32, user: u32) -> Site {
    site_with(|config| {
        config.rate_quotas = RateQuotas {
            address: NonZeroU32::new(address),
            user: NonZeroU32::new(user),
        };
        config.origins = Origins::Any;
    })
    .await
}

async fn get(site: &Site, path: &str, address: &str) -> Response<Body> {
    let mut request = Request::get(path)
        .header("origin", "https://example.org")
        .body(Body::empty())
        .unwrap();
    let address = ClientAddress(address.parse().unwrap());
    request.extensions_mut().insert(address);
    site.router.clone().oneshot(request).await.unwrap()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_network_is_limited_for_a_minute_and_others_are_not() {
    let site = limited(3, 0).await;
    for remaining in [2, 1, 0] {
        let response = get(&site, "/v1/posts", "192.0.2.7").await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            header(&response, "ratelimit-policy"),
            "\"address\";q=3;w=60"
        );
        let left = format!("\"address\";r={remaining};t=60");
        assert_eq!(header(&response, "ratelimit"), left);
    }
    site.clock.forward_seconds(20);
    for path in ["/v1/posts", "/v1/tags", "/no/such/path"] {
        let response = get(&site, path, "192.0.2.7").await;
        assert_eq!(response.status(), 429, "{path}");
        assert_eq!(header(&response, "retry-after"), "40");
        assert_eq!(header(&response, "ratelimit"), "\"address\";r=0;t=40");
        let exposed = header(&response, "access-control-expose-headers");
        assert!(exposed.contains("ratelimit,") && exposed.contains("ratelimit-policy"));
    }
    assert_eq!(get(&site, "/v1/posts", "192.0.2.8").await.status(), 200);
    assert_eq!(get(&site, "/healthz", "192.0.2.7").await.status(), 200);
    site.clock.forward_seconds(40);
    assert_eq!(get(&site, "/v1/posts", "192.0.2.7").await.status(), 200);
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_share_a_quota() {
    let site = limited(1, 0).await;
    assert_eq!(get(&site, "/v1/tags", "2001:db8::1").await.status(), 200);
    assert_eq!(get(&site, "/v1/tags", "2001:db8::2").await.status(), 429);
    assert_eq!(get(&site, "/v1/tags", "2001:db8:0:1::").await.status(), 200);
}

#[tokio::test]
async fn a_user_is_limited_whatever_the_credential_and_the_address() {
    let site = limited(0, 2).await;
    let author = site.token(Role::Author).await;
    let editor = site.token(Role::Editor).await;
    for remaining in [1, 0] {
        let read = site.get_as(&author, "/v1/me").await;
        assert_eq!(read.status, 200);
        assert_eq!(read.header("ratelimit-policy"), "\"user\";q=2;w=60");
        let left = format!("\"user\";r={remaining};t=60");
        assert_eq!(read.header("ratelimit"), left);
    }
    let refused = site.get_as(&author, "/v1/me").await;
    assert_eq!(refused.refusal(), (429, "rate_limited"));
    assert_eq!(refused.header("retry-after"), "60");
    assert_eq!(site.get_as(&editor, "/v1/me").await.status, 200);
    let anonymous = site.get("/v1/posts").await;
    assert_eq!(anonymous.status, 200);
    assert_eq!(anonymous.header("ratelimit"), "");
    // An invalid credential does not count for anyone.
    let invalid = Call::get("/v1/me").signed("a.b.c").to(&site).await;
    assert_eq!(invalid.status, 401);
    site.clock.forward_seconds(60);
    assert_eq!(site.get_as(&author, "/v1/me").await.status, 200);
}
