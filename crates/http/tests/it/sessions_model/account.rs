use http::Method;
use serde_json::{Value, json};
use tintero_domain::{access::Role, clock::Clock as _};
use totp_rs::{Builder, Secret, Totp};

use super::{Deed, FACTOR, Proof, QUARTER, STEP, TestSession};
use crate::{
    call::{Answer, Call},
    issuer_sign_in::{machine_with_issuer, page, session_of, sign_in_at_issuer},
    site::{PASSWORD, Site, site_on},
};

/// The enrolled factor.
struct Factor {
    authenticator: Totp,
    since: i64,
    codes: Vec<Value>,
}

/// The user with a site, and the model of both.
pub(super) struct Account {
    site: Site,
    password: &'static str,
    sessions: Vec<TestSession>,
    factor: Option<Factor>,
    /// The begun enrolment and its time.
    pending: Option<(Totp, i64)>,
}

impl Account {
    pub(super) async fn new() -> Self {
        let site = site_on(machine_with_issuer(), |_| {}).await;
        let token = site.token(Role::Author).await;
        let end = Call::delete("/v1/me/sessions").signed(&token).to(&site);
        assert_eq!(end.await.status, 204);
        Self {
            site,
            password: PASSWORD,
            sessions: Vec::new(),
            factor: None,
            pending: None,
        }
    }

    fn now(&self) -> i64 {
        self.site.clock.now().as_seconds()
    }

    fn code(&self, authenticator: &Totp) -> Value {
        let now = u64::try_from(self.now()).unwrap();
        json!(authenticator.generate(now).to_string())
    }

    /// The session, unless it does not answer.
    fn session(&self, nth: usize) -> Option<usize> {
        let at = nth.checked_rem(self.sessions.len())?;
        self.sessions[at].answers(self.now()).then_some(at)
    }

    /// Whether the session may change access.
    fn is_recent(&self, at: usize) -> bool {
        let session = &self.sessions[at];
        let began = session.began;
        if session.proven_at_issuer {
            return self.now() < began + QUARTER;
        }
        let Some(factor) = &self.factor else {
            return true;
        };
        began > factor.since && self.now() < began + QUARTER
    }

    pub(super) async fn take(&mut self, deed: &Deed) {
        self.site.clock.forward_seconds(STEP);
        match *deed {
            Deed::Wait => self.site.clock.forward_seconds(10 * STEP),
            Deed::SignIn(cookie, proof) => self.sign_in(cookie, proof).await,
            Deed::SignInAtIssuer(twice, proof, nth) => {
                let browser = self.session(nth).filter(|at| self.has_cookie(*at));
                self.sign_in_at_issuer(twice, proof, browser).await;
            }
            Deed::Enrol(nth)
            | Deed::Confirm(nth)
            | Deed::RenewCodes(nth)
            | Deed::RemoveFactor(nth)
            | Deed::ChangePassword(nth)
            | Deed::SignOut(nth)
            | Deed::SignOutEverywhere(nth) => {
                if let Some(at) = self.session(nth) {
                    self.change(at, deed).await;
                }
            }
        }
    }

    async fn change(&mut self, at: usize, deed: &Deed) {
        match deed {
            Deed::Enrol(_) => self.enrol(at).await,
            Deed::Confirm(_) => self.confirm(at).await,
            Deed::RenewCodes(_) => self.renew_codes(at).await,
            Deed::RemoveFactor(_) => self.remove_factor(at).await,
            Deed::ChangePassword(_) => self.change_password(at).await,
            Deed::SignOut(_) => self.sign_out(at).await,
            _ => {
                let end = self.sessions[at].call(Method::DELETE, "/v1/me/sessions");
                assert_eq!(end.to(&self.site).await.status, 204);
                self.end_all();
            }
        }
    }

    fn end_all(&mut self) {
        for session in &mut self.sessions {
            session.ended = true;
        }
    }

    fn opened(&mut self, answer: &Answer) {
        let cookie = answer.header("set-cookie").split(';').next();
        let (credential, refresh_token) = match answer.status {
            204 => (cookie.unwrap().to_owned(), None),
            _ => (
                answer.body["access_token"].as_str().unwrap().to_owned(),
                Some(answer.body["refresh_token"].clone()),
            ),
        };
        self.push(credential, refresh_token, false);
    }

    fn push(&mut self, credential: String, refresh_token: Option<Value>, proven_at_issuer: bool) {
        self.sessions.push(TestSession {
            credential,
            refresh_token,
            began: self.now(),
            proven_at_issuer,
            ended: false,
        });
    }

    fn has_cookie(&self, at: usize) -> bool {
        self.sessions[at].refresh_token.is_none()
    }

    /// Signs in at the issuer in the browser of a session, which ends when the new one begins.
    async fn sign_in_at_issuer(&mut self, twice: bool, proof: Proof, browser: Option<usize>) {
        let earlier = browser.map(|at| self.sessions[at].credential.clone());
        let amr = twice.then_some("mfa");
        let answer = sign_in_at_issuer(&self.site, earlier.as_deref(), amr).await;
        if self.factor.is_some() && !twice {
            let challenge = json!(page(&answer)["challenge"]);
            self.complete(&challenge, proof, "cookie").await;
            return;
        }
        if let Some(at) = browser {
            self.sessions[at].ended = true;
        }
        self.push(session_of(&answer), None, twice);
    }

    async fn sign_in(&mut self, cookie: bool, proof: Proof) {
        let kind = if cookie { "cookie" } else { "tokens" };
        let opened = if cookie { 204 } else { 200 };
        let first = json!({
            "email": "author@example.org", "password": self.password, "session": kind,
        });
        let answer = own_page("/v1/auth/login", &first).to(&self.site).await;
        if self.factor.is_none() {
            assert_eq!(answer.status, opened);
            self.opened(&answer);
            return;
        }
        assert_eq!((answer.status, answer.header("set-cookie")), (202, ""));
        self.complete(&answer.body["challenge"], proof, kind).await;
    }

    /// Enters a code.
    async fn complete(&mut self, challenge: &Value, proof: Proof, kind: &str) {
        let factor = self.factor.as_mut().unwrap();
        let recovery = match proof {
            Proof::Recovery => factor.codes.pop(),
            _ => None,
        };
        let code = match (proof, recovery) {
            (Proof::Wrong, _) => json!("000000"),
            (_, Some(code)) => code,
            (_, None) => {
                let factor = self.factor.as_ref().unwrap();
                self.code(&factor.authenticator)
            }
        };
        let second = json!({ "challenge": challenge, "code": code, "session": kind });
        let answer = own_page("/v1/auth/login/code", &second);
        let answer = answer.to(&self.site).await;
        if matches!(proof, Proof::Wrong) {
            assert_eq!(answer.refusal(), (401, "bad_code"));
            return;
        }
        assert!([200, 204].contains(&answer.status), "{}", answer.text);
        self.opened(&answer);
    }

    async fn enrol(&mut self, at: usize) {
        let password = json!({ "current_password": self.password });
        let enrol = self.sessions[at].call(Method::POST, FACTOR);
        let answer = enrol.json(&password).to(&self.site).await;
        if self.factor.is_some() {
            assert_eq!(answer.refusal(), (409, "second_factor_enrolled"));
            return;
        }
        assert_eq!(answer.status, 200, "{}", answer.text);
        let secret = answer.body["secret"].as_str().unwrap();
        let secret = Secret::try_from_base32(secret).unwrap();
        let authenticator = Builder::new().with_secret(secret).build().unwrap();
        self.pending = Some((authenticator, self.now()));
    }

    async fn confirm(&mut self, at: usize) {
        let now = self.now();
        let code = match &self.pending {
            Some((authenticator, _)) => self.code(authenticator),
            None => json!("123456"),
        };
        let confirm = self.sessions[at].call(Method::POST, &format!("{FACTOR}/confirm"));
        let answer = confirm.json(&json!({ "code": code })).to(&self.site).await;
        if self.factor.is_some() {
            assert_eq!(answer.refusal(), (409, "second_factor_enrolled"));
            return;
        }
        let in_time = |(_, begun): &(Totp, i64)| now < begun + QUARTER;
        let Some((authenticator, _)) = self.pending.take_if(|pending| in_time(pending)) else {
            assert_eq!(answer.refusal(), (404, "not_found"));
            return;
        };
        self.factor = Some(Factor {
            authenticator,
            since: now,
            codes: recovery_codes(&answer),
        });
    }

    async fn renew_codes(&mut self, at: usize) {
        let path = format!("{FACTOR}/recovery-codes");
        let renew = self.sessions[at].call(Method::POST, &path);
        let answer = renew.to(&self.site).await;
        if self.refuses_factor_change(at, &answer) {
            return;
        }
        let factor = self.factor.as_mut().unwrap();
        factor.codes = recovery_codes(&answer);
    }

    async fn remove_factor(&mut self, at: usize) {
        let remove = self.sessions[at].call(Method::DELETE, FACTOR);
        let answer = remove.to(&self.site).await;
        if !self.refuses_factor_change(at, &answer) {
            assert_eq!(answer.status, 204);
            self.factor = None;
        }
    }

    /// Whether the factor does not change, as the answer must say.
    fn refuses_factor_change(&self, at: usize, answer: &Answer) -> bool {
        let refused = match (&self.factor, self.is_recent(at)) {
            (_, false) => (401, "sign_in_too_old"),
            (None, true) => (404, "not_found"),
            (Some(_), true) => return false,
        };
        assert_eq!(answer.refusal(), refused);
        true
    }

    async fn change_password(&mut self, at: usize) {
        let next = match self.password {
            PASSWORD => "staple of the old horse",
            _ => PASSWORD,
        };
        let body = json!({ "current_password": self.password, "new_password": next });
        let change = self.sessions[at].call(Method::POST, "/v1/me/password");
        let answer = change.json(&body).to(&self.site).await;
        if !self.is_recent(at) {
            assert_eq!(answer.refusal(), (401, "sign_in_too_old"));
            return;
        }
        assert!([200, 204].contains(&answer.status), "{}", answer.text);
        self.password = next;
        self.end_all();
        self.opened(&answer);
    }

    async fn sign_out(&mut self, at: usize) {
        let session = &mut self.sessions[at];
        let sign_out = match &session.refresh_token {
            Some(token) => {
                let body = json!({ "refresh_token": token });
                Call::post("/v1/auth/logout").json(&body)
            }
            None => session.call(Method::POST, "/v1/auth/logout"),
        };
        session.ended = true;
        assert_eq!(sign_out.to(&self.site).await.status, 204);
    }

    pub(super) async fn compare(&self, deed: &Deed) {
        let lasting = self.sessions.iter().filter(|session| !session.ended);
        let lasting = lasting.count();
        for session in &self.sessions {
            let me = session.call(Method::GET, "/v1/me").to(&self.site).await;
            if !session.answers(self.now()) {
                assert_eq!(
                    me.refusal(),
                    (401, "invalid_token"),
                    "{deed:?}: {session:?}"
                );
                continue;
            }
            let state = if self.factor.is_some() {
                "enrolled"
            } else {
                "none"
            };
            assert_eq!((me.status, &me.body["second_factor"]), (200, &json!(state)));
            let list = session.call(Method::GET, "/v1/me/sessions");
            let list = list.to(&self.site).await;
            let listed = list.body["items"].as_array().unwrap().len();
            assert_eq!(listed, lasting, "{deed:?}");
            let factor = session.call(Method::GET, FACTOR).to(&self.site).await;
            let left = self.factor.as_ref().map_or(0, |factor| factor.codes.len());
            assert_eq!(factor.body["recovery_codes_left"], left, "{deed:?}");
        }
    }
}

/// A write that a page of the server sends.
fn own_page(path: &str, body: &Value) -> Call {
    let call = Call::post(path).header("sec-fetch-site", "same-origin");
    call.header("x-requested-with", "test").json(body)
}

fn recovery_codes(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["recovery_codes"].as_array().unwrap().clone()
}
