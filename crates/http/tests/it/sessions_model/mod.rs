//! Tests sessions, second factors and sign-ins at an issuer against a model: sends random operations of one user to a
//! site and applies them to a list of sessions. After each step, every session must answer as expected.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod account;

use http::Method;
use proptest::{collection::vec, prelude::*};
use serde_json::Value;

use self::account::Account;
use crate::{call::Call, random::sequences};

/// Seconds between two steps. The code of an authenticator changes, and no limit is a sum of steps.
const STEP: i64 = 61;

/// Seconds in which an enrolment can be confirmed, and a sign-in is recent.
const QUARTER: i64 = 15 * 60;

/// Seconds in which an access token is accepted, with the tolerated difference between clocks.
const TOKEN_LIFE: i64 = QUARTER + 60;

const FACTOR: &str = "/v1/me/second-factor";

#[derive(Debug, Clone, Copy)]
enum Proof {
    Code,
    Recovery,
    Wrong,
}

#[derive(Debug, Clone)]
enum Deed {
    /// With a cookie or with tokens, and with a proof of the second factor if one is enrolled.
    SignIn(bool, Proof),
    /// At the issuer, with two factors there or one; in a browser with the session of the number, if it has a cookie.
    SignInAtIssuer(bool, Proof, usize),
    /// Numbers refer to sessions, modulo their count.
    Enrol(usize),
    Confirm(usize),
    RenewCodes(usize),
    RemoveFactor(usize),
    ChangePassword(usize),
    SignOut(usize),
    SignOutEverywhere(usize),
    /// Passes ten minutes.
    Wait,
}

/// A session of the model. Ended ones stay in the list.
#[derive(Debug, Clone)]
struct TestSession {
    /// The name and the value of the cookie; an access token otherwise.
    credential: String,
    refresh_token: Option<Value>,
    began: i64,
    /// Whether the issuer has checked two factors.
    proven_at_issuer: bool,
    ended: bool,
}

fn deed() -> impl Strategy<Value = Deed> {
    let nth = || 0..8_usize;
    let proof = prop_oneof![
        6 => Just(Proof::Code),
        2 => Just(Proof::Recovery),
        1 => Just(Proof::Wrong)
    ];
    let at_issuer = (any::<bool>(), proof.clone(), nth());
    prop_oneof![
        6 => (any::<bool>(), proof).prop_map(|(cookie, proof)| Deed::SignIn(cookie, proof)),
        4 => at_issuer.prop_map(|(twice, proof, nth)| Deed::SignInAtIssuer(twice, proof, nth)),
        3 => nth().prop_map(Deed::Enrol),
        3 => nth().prop_map(Deed::Confirm),
        1 => nth().prop_map(Deed::RenewCodes),
        1 => nth().prop_map(Deed::RemoveFactor),
        1 => nth().prop_map(Deed::ChangePassword),
        2 => nth().prop_map(Deed::SignOut),
        1 => nth().prop_map(Deed::SignOutEverywhere),
        1 => Just(Deed::Wait),
    ]
}

proptest! {
    #![proptest_config(sequences(16, 20_261_128))]

    #[test]
    fn sessions_and_second_factors_agree_with_the_model(deeds in vec(deed(), 1..30)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let mut account = Account::new().await;
            for deed in deeds {
                account.take(&deed).await;
                account.compare(&deed).await;
            }
        });
    }
}

impl TestSession {
    /// A call of this session, from a page of the server if it has a cookie.
    fn call(&self, method: Method, path: &str) -> Call {
        let call = Call::new(method, path);
        if self.refresh_token.is_some() {
            return call.signed(&self.credential);
        }
        call.header("cookie", &self.credential)
            .header("sec-fetch-site", "same-origin")
            .header("x-requested-with", "test")
    }

    fn answers(&self, now: i64) -> bool {
        let is_expired = self.refresh_token.is_some() && self.began + TOKEN_LIFE <= now;
        !self.ended && !is_expired
    }
}
