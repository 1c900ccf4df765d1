//! Sign-in through an issuer: authorization code flow with PKCE ([RFC 9700](https://www.rfc-editor.org/rfc/rfc9700)).

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tintero_domain::{
    access::Assurance,
    accounts::{ForeignToken, IdentityRule, SecretSealer},
    clock::{Clock, Entropy},
};
use tokio::sync::Semaphore;

use super::{
    ForeignIssuers,
    browser_client::{BrowserClient, CodeExchange, ExchangeFault, TokenRequest, encoded, form},
    claims::ForeignClaims,
    documents::CodeEndpoints,
    id_token::ExpectedIdToken,
    pending::{LoginOccasion, PendingLoginState},
    verification::{ForeignFault, ForeignIssuer},
};
use crate::auth::TokenFault;

/// Number of concurrent exchanges with one issuer. Further sign-ins fail, so a slow issuer holds up no requests.
const MAX_EXCHANGES: usize = 16;

/// Number of characters of an error of the issuer that are logged.
const MAX_LOGGED: usize = 80;

/// Requested age of a fresh sign-in at the issuer, in seconds.
const MAX_AGE: &str = "60";

/// Accepted age of a fresh sign-in, which includes the time in which the person signs in.
const FRESH: Duration = Assurance::RECENT;

/// Longest code of an issuer in bytes.
const MAX_CODE: usize = 4096;

/// Sign-in of browsers through foreign issuers. Without clients, there is none.
#[derive(Clone, Default)]
pub struct IssuerSignIn(Option<Arc<Flow>>);

struct Flow {
    ports: SignInPorts,
    clients: Vec<ClientSlot>,
}

struct ClientSlot {
    client: BrowserClient,
    exchanges: Semaphore,
}

/// Dependencies of the sign-in through issuers.
pub struct SignInPorts {
    /// The issuers and their policies.
    pub issuers: ForeignIssuers,
    /// Exchanges codes.
    pub exchange: Arc<dyn CodeExchange>,
    /// Encrypts the state that the browser keeps.
    pub sealer: Arc<dyn SecretSealer>,
    /// Generates state, nonce and verifier.
    pub entropy: Arc<dyn Entropy>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// A redirect to the issuer, and its cookie.
pub(crate) struct BegunLogin {
    /// The address at the issuer.
    pub(crate) location: String,
    /// The value of the cookie.
    pub(crate) cookie: String,
}

/// The answer of an issuer, in the query string of the callback.
#[derive(Debug, Default)]
pub(crate) struct AuthorizationAnswer {
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    /// The issuer ([RFC 9207](https://www.rfc-editor.org/rfc/rfc9207)).
    pub(crate) iss: Option<String>,
    pub(crate) error: Option<String>,
}

/// The end of a sign-in.
pub(crate) struct EndedLogin {
    /// The person whom the issuer has signed in.
    pub(crate) person: Result<ForeignToken, IssuerLoginFault>,
    /// `None` if the sign-in did not begin in this browser.
    pub(crate) occasion: Option<LoginOccasion>,
}

/// The reason for which a sign-in through an issuer failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IssuerLoginFault {
    /// The sign-in did not begin in this browser, or too long ago.
    Expired,
    /// The person declined.
    Cancelled,
    /// The issuer rejected the sign-in, or its answer is not one to this sign-in.
    Refused,
    /// The issuer cannot be reached.
    Unreachable,
    /// The token gives no role.
    NoRole,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
    access_token: Option<String>,
}

/// A client with its issuer.
#[derive(Clone, Copy)]
struct Found<'a> {
    flow: &'a Flow,
    slot: &'a ClientSlot,
    issuer: &'a ForeignIssuer,
}

impl IssuerSignIn {
    /// Offers the clients. Each must belong to one of the issuers.
    #[must_use]
    pub fn new(clients: Vec<BrowserClient>, ports: SignInPorts) -> Self {
        let clients = clients.into_iter().map(|client| ClientSlot {
            client,
            exchanges: Semaphore::new(MAX_EXCHANGES),
        });
        let clients = clients.collect();
        Self(Some(Arc::new(Flow { ports, clients })))
    }

    /// The clients, in the order of the configuration.
    pub(crate) fn clients(&self) -> impl Iterator<Item = &BrowserClient> {
        let flow = self.0.as_deref().into_iter();
        flow.flat_map(|flow| flow.clients.iter().map(|slot| &slot.client))
    }

    /// Begins a sign-in. `callback` is the address to which the issuer sends the browser back.
    pub(crate) async fn begin(
        &self,
        id: &str,
        callback: &str,
        occasion: LoginOccasion,
    ) -> Result<BegunLogin, IssuerLoginFault> {
        let Found { flow, slot, issuer } = self.find(id).ok_or(IssuerLoginFault::Refused)?;
        let endpoints = issuer.endpoints().await?;
        let secret = |()| URL_SAFE_NO_PAD.encode(flow.ports.entropy.secret());
        let now = flow.ports.clock.now();
        let pending = PendingLoginState::new(id, [(); 3].map(secret), occasion, now);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&pending.verifier));
        let scopes = slot.client.scopes.join(" ");
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", &slot.client.client_id),
            ("redirect_uri", callback),
            ("scope", &scopes),
            ("state", &pending.state),
            ("nonce", &pending.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        if pending.occasion.is_fresh {
            pairs.push(("max_age", MAX_AGE));
        }
        let cookie = pending.seal(flow.ports.sealer.as_ref());
        let cookie = cookie.map_err(|error| unavailable(id, &error.to_string()))?;
        let separator = if endpoints.authorization.contains('?') {
            '&'
        } else {
            '?'
        };
        Ok(BegunLogin {
            location: format!("{}{separator}{}", endpoints.authorization, form(&pairs)),
            cookie,
        })
    }

    /// Completes a sign-in with the answer of the issuer and the cookie of the browser.
    pub(crate) async fn complete(
        &self,
        id: &str,
        callback: &str,
        cookie: Option<&str>,
        answer: &AuthorizationAnswer,
    ) -> EndedLogin {
        let ended = |person, occasion| EndedLogin { person, occasion };
        let Some(found) = self.find(id) else {
            return ended(Err(IssuerLoginFault::Refused), None);
        };
        match found.flow.pending(cookie, answer) {
            Ok(pending) => {
                let person = found.person(&pending, callback, answer).await;
                ended(person, Some(pending.occasion))
            }
            Err(fault) => ended(Err(fault), None),
        }
    }

    fn find(&self, id: &str) -> Option<Found<'_>> {
        let flow = self.0.as_deref()?;
        let slot = flow.clients.iter().find(|slot| slot.client.id == id)?;
        let issuer = flow.ports.issuers.named(&slot.client.issuer)?;
        Some(Found { flow, slot, issuer })
    }
}

impl Found<'_> {
    /// Returns the person whom the issuer has signed in.
    async fn person(
        self,
        pending: &PendingLoginState,
        callback: &str,
        answer: &AuthorizationAnswer,
    ) -> Result<ForeignToken, IssuerLoginFault> {
        let Self { flow, slot, issuer } = self;
        let id = slot.client.id.as_str();
        // Each issuer has its own callback, so an answer at that of another one is a mix-up.
        if pending.client != id {
            return Err(refused(id, "the sign-in began with another issuer"));
        }
        let endpoints = issuer.endpoints().await?;
        let is_named = match &answer.iss {
            Some(named) => named == issuer.name(),
            None => !endpoints.names_issuer,
        };
        if !is_named {
            return Err(refused(id, "the answer is that of another issuer"));
        }
        let code = answer.code(id)?;
        let proof = (callback, code, pending.verifier.as_str());
        let permit = slot.exchanges.try_acquire();
        let permit =
            permit.map_err(|_| unavailable(id, "too many sign-ins wait for the issuer"))?;
        let request = token_request(&slot.client, &endpoints, proof);
        let tokens = flow.exchange(id, request).await?;
        let mut person = self.verified(pending, &tokens).await?;
        if let Some(url) = endpoints.user_info.filter(|_| needs_address(&person)) {
            flow.complement(&mut person, &url, &tokens).await;
        }
        drop(permit);
        Ok(person)
    }

    /// Verifies the ID token.
    async fn verified(
        self,
        pending: &PendingLoginState,
        tokens: &TokenAnswer,
    ) -> Result<ForeignToken, IssuerLoginFault> {
        let Self { flow, slot, issuer } = self;
        let earliest = || flow.ports.clock.now().before(FRESH).as_seconds();
        let expected = ExpectedIdToken {
            client_id: &slot.client.client_id,
            nonce: &pending.nonce,
            signed_in_from: pending.occasion.is_fresh.then(earliest),
        };
        let person = issuer.verify_id_token(&tokens.id_token, expected).await;
        person.map_err(|fault| of_token(&slot.client.id, &fault))
    }
}

/// Whether the address of a person decides who the user is, and the ID token lacks it.
fn needs_address(person: &ForeignToken) -> bool {
    person.email.is_none() && person.admission != IdentityRule::Linked
}

impl Flow {
    /// Returns the sign-in of the browser to which the answer belongs.
    fn pending(
        &self,
        cookie: Option<&str>,
        answer: &AuthorizationAnswer,
    ) -> Result<PendingLoginState, IssuerLoginFault> {
        let (now, sealer) = (self.ports.clock.now(), self.ports.sealer.as_ref());
        let pending = cookie.and_then(|cookie| PendingLoginState::open(cookie, sealer, now));
        pending
            .filter(|pending| answer.state.as_ref() == Some(&pending.state))
            .ok_or(IssuerLoginFault::Expired)
    }

    /// Exchanges a code for an ID token.
    async fn exchange(
        &self,
        id: &str,
        request: TokenRequest<'_>,
    ) -> Result<TokenAnswer, IssuerLoginFault> {
        let tokens = self.ports.exchange.exchange(request).await;
        let tokens = tokens.map_err(|fault| match fault {
            ExchangeFault::Unreachable(reason) => unavailable(id, &reason),
            ExchangeFault::Refused(reason) => refused(id, &reason),
        })?;
        serde_json::from_slice(&tokens).map_err(|error| refused(id, &error.to_string()))
    }

    /// Adds the address that the issuer gives for the access token. Without an answer, the person stays as it is:
    /// a linked one does not need it.
    async fn complement(&self, person: &mut ForeignToken, url: &str, tokens: &TokenAnswer) {
        let Some(access_token) = &tokens.access_token else {
            return;
        };
        let answer = match self.ports.exchange.user_info(url, access_token).await {
            Ok(answer) => answer,
            Err(ExchangeFault::Unreachable(reason) | ExchangeFault::Refused(reason)) => {
                tracing::warn!(%reason, "an issuer does not describe a person");
                return;
            }
        };
        // Signed answers are not JSON, and are not supported.
        if let Ok(claims) = serde_json::from_slice(&answer) {
            ForeignIssuer::add_user_info(person, &ForeignClaims::new(claims));
        }
    }
}

impl AuthorizationAnswer {
    /// Returns the code, unless the issuer sent an error.
    fn code(&self, issuer: &str) -> Result<&str, IssuerLoginFault> {
        if let Some(error) = &self.error {
            if error == "access_denied" {
                return Err(IssuerLoginFault::Cancelled);
            }
            let error: String = error.chars().take(MAX_LOGGED).collect();
            return Err(refused(issuer, &format!("the issuer answers {error:?}")));
        }
        let code = self.code.as_deref().filter(|code| code.len() <= MAX_CODE);
        code.ok_or_else(|| refused(issuer, "the answer has no code"))
    }
}

fn token_request<'a>(
    client: &BrowserClient,
    endpoints: &'a CodeEndpoints,
    (callback, code, verifier): (&str, &str, &str),
) -> TokenRequest<'a> {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", callback),
        ("code_verifier", verifier),
    ];
    let mut basic = None;
    match &client.client_secret {
        Some(secret) if endpoints.takes_basic => {
            basic = Some((encoded(&client.client_id), encoded(secret)));
        }
        Some(secret) => {
            pairs.extend([
                ("client_id", client.client_id.as_str()),
                ("client_secret", secret),
            ]);
        }
        None => pairs.push(("client_id", &client.client_id)),
    }
    TokenRequest {
        url: &endpoints.token,
        form: form(&pairs),
        basic,
    }
}

fn refused(issuer: &str, reason: &str) -> IssuerLoginFault {
    tracing::warn!(%issuer, %reason, "a sign-in through an issuer is rejected");
    IssuerLoginFault::Refused
}

fn unavailable(issuer: &str, reason: &str) -> IssuerLoginFault {
    tracing::warn!(%issuer, %reason, "an issuer cannot sign in users");
    IssuerLoginFault::Unreachable
}

fn of_token(issuer: &str, fault: &ForeignFault) -> IssuerLoginFault {
    match fault {
        ForeignFault::Token(fault) => refused(issuer, &format!("invalid ID token: {fault:?}")),
        ForeignFault::Unreachable => IssuerLoginFault::Unreachable,
        ForeignFault::NoRole => IssuerLoginFault::NoRole,
    }
}

impl From<ForeignFault> for IssuerLoginFault {
    fn from(fault: ForeignFault) -> Self {
        match fault {
            ForeignFault::Token(TokenFault::Key) | ForeignFault::Unreachable => Self::Unreachable,
            ForeignFault::Token(_) => Self::Refused,
            ForeignFault::NoRole => Self::NoRole,
        }
    }
}
