//! Which issuers sign in browsers, and what else their policies allow.

use std::time::Duration;

use serde_json::json;
use tintero_domain::{access::Role, accounts::IdentityRule};
use tintero_http::IssuerPolicy;

use super::{begin, page, signed, site, site_with};
use crate::issuers::policy;

#[tokio::test]
async fn an_issuer_that_only_signs_in_browsers_gives_no_access_tokens() {
    let only = IssuerPolicy {
        audiences: Vec::new(),
        typ: None,
        leeway: Duration::ZERO,
        ..policy(IdentityRule::VerifiedEmail)
    };
    let site = site_with(vec![only]).await;
    site.token(Role::Author).await;
    let begun = begin(&site).await;
    let token = signed(&begun.claims());
    assert_eq!(site.get_as(&token, "/v1/me").await.status, 401);
    assert_eq!(page(&begun.end(&site, &token).await)["signed_in"], "1");
}

#[tokio::test]
async fn the_issuers_are_listed_with_the_address_to_begin_at() {
    let listed = site().await.get("/v1/auth/issuers").await;
    assert_eq!(
        listed.body["items"][0],
        json!({
            "id": "staff", "name": "Staff", "start": "https://api.example.org/v1/auth/issuers/staff/login",
        })
    );
}
