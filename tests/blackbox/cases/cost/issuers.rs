//! Costs of the sign-in through an issuer.

use crate::{
    costs::Row,
    harness::{Answer, LoopbackIssuer, Setup},
};

pub(super) async fn issuer(row: &Row) -> Answer {
    let issuer = LoopbackIssuer::start().await;
    let server = issuer.serve(&Setup::memory());
    match row.operation {
        "list_issuers" => server.anonymous().get("/v1/auth/issuers").send().await,
        "begin_issuer_session" => LoopbackIssuer::begin(&server).await,
        _ => {
            // The first sign-in links the identity, and caches the user.
            issuer.sign_in(&server).await;
            issuer.sign_in(&server).await
        }
    }
}
