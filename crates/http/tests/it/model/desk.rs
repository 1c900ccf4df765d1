//! The site under test, and what whoever works at it remembers.

#![expect(
    clippy::unwrap_used,
    reason = "a desk that cannot be set up fails the test that wants it"
)]

use serde_json::json;
use tintero_domain::{
    access::{RequestContext, Role, TABLE},
    accounts::{Lifetime, NewKey},
};
use tokio::runtime::{Builder, Runtime};

use super::{
    operations::{Actor, Base, Company, Operation, Step},
    world::{self, World},
};
use crate::{
    call::{Answer, Call},
    site::{Site, site},
};

pub(super) struct Desk {
    pub(super) runtime: Runtime,
    pub(super) site: Site,
    pub(super) names: Names,
    /// The last accepted request that had a key, and its answer.
    kept: Option<(Call, Answer)>,
    /// How many idempotency keys were used.
    pub(super) keys: usize,
}

/// What the model's numbers are called here.
pub(super) struct Names {
    /// Credentials of the actors, in their order.
    keys: [String; 3],
    users: [String; 3],
    pub(super) posts: Vec<Name>,
    pub(super) categories: Vec<Name>,
    pub(super) bylines: Vec<Name>,
}

/// A resource, and the states on which a write can be based.
pub(super) struct Name {
    pub(super) id: String,
    first: String,
    pub(super) latest: String,
    /// How many there are, as far as is known.
    pub(super) revisions: usize,
}

impl Name {
    fn of(answer: &Answer) -> Self {
        let id = answer.body["id"].as_str().unwrap().to_owned();
        let tag = answer.etag().to_owned();
        Self {
            id,
            first: tag.clone(),
            latest: tag,
            revisions: 1,
        }
    }

    pub(super) fn tag(&self, base: Base) -> &str {
        match base {
            Base::Latest => &self.latest,
            Base::First => &self.first,
        }
    }
}

impl Names {
    pub(super) fn key(&self, actor: Actor) -> &str {
        &self.keys[actor as usize]
    }

    pub(super) fn user(&self, actor: Actor) -> &str {
        &self.users[actor as usize]
    }
}

impl Call {
    pub(super) fn with_key(self, key: &str) -> Self {
        self.header("authorization", &format!("ApiKey {key}"))
    }
}

impl Desk {
    pub(super) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (site, names) = runtime.block_on(async {
            let site = site().await;
            let names = named(&site).await;
            (site, names)
        });
        Self {
            runtime,
            site,
            names,
            kept: None,
            keys: 0,
        }
    }

    /// Does to the site what was done to the model, which is in the state afterwards.
    pub(super) fn take(&mut self, step: &Step, world: &World) {
        self.site.clock.forward_to(world.now);
        if matches!(step.operation, Operation::KeepHouse) {
            return self.keep_house();
        }
        let repeated = matches!(step.operation, Operation::Repeat);
        let request = if repeated {
            self.kept.as_ref().map(|(request, _)| request.clone())
        } else {
            self.request(step)
        };
        let (Some(request), Some(expected)) = (request, world.answer) else {
            return;
        };
        let answers = self.send(&request, step.company);
        let answer = accepted(answers, expected);
        match &self.kept {
            Some((_, first)) if repeated => {
                assert_eq!(answer.header("idempotent-replayed"), "true");
                assert_eq!(answer.body, first.body, "a repetition says what was said");
            }
            _ => self.remember(step, request, answer),
        }
    }

    /// Sends a request, or the same one twice at once, or while the housekeeping runs.
    fn send(&self, request: &Call, company: Company) -> Vec<Answer> {
        let (site, call) = (&self.site, || request.clone().to(&self.site));
        self.runtime.block_on(async {
            match company {
                Company::Alone => vec![call().await],
                Company::Twin => {
                    let (one, two) = tokio::join!(call(), call());
                    vec![one, two]
                }
                Company::Housekeeper => {
                    let (answer, kept) = tokio::join!(call(), site.posts.keep_house());
                    kept.unwrap();
                    vec![answer]
                }
            }
        })
    }

    fn remember(&mut self, step: &Step, request: Call, answer: Answer) {
        if answer.status == 201 {
            match &step.operation {
                Operation::Create { .. } => self.names.posts.push(Name::of(&answer)),
                _ => self.names.categories.push(Name::of(&answer)),
            }
        }
        if answer.status < 300 && request.has("idempotency-key") {
            self.kept = Some((request, answer));
        }
    }

    /// Clears away what time has ended. Neither before nor after it is anything out of order.
    pub(super) fn keep_house(&self) {
        self.runtime.block_on(async {
            self.require_order().await;
            self.site.posts.keep_house().await.unwrap();
            let left = self.site.posts.oldest_trace().await.unwrap();
            assert_eq!(left, None, "nothing is left after the housekeeping");
            self.require_order().await;
        });
    }

    /// Refused writes leave pieces of text that nothing names; everything else must be in order.
    async fn require_order(&self) {
        let mut examination = self.site.doctor.examine(|_| {}).await.unwrap();
        let findings = &mut examination.findings;
        findings.retain(|finding| !finding.place.sk.starts_with("BODY#"));
        assert!(findings.is_empty(), "the doctor found {findings:?}");
    }
}

/// Of the answers, the one that was accepted, if one was: they must be those that were expected.
fn accepted(mut answers: Vec<Answer>, expected: world::Answer) -> Answer {
    let world::Answer { status, second } = expected;
    answers.sort_by_key(|answer| answer.status);
    let mut wanted = [status, second]
        .into_iter()
        .take(answers.len())
        .collect::<Vec<_>>();
    wanted.sort_unstable();
    let seen: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    let said: Vec<_> = answers.iter().map(|answer| &answer.text).collect();
    assert_eq!(seen, wanted, "answers: {said:?}");
    answers.swap_remove(0)
}

/// The accounts, and the bylines of the site.
async fn named(site: &Site) -> Names {
    let mut keys = Vec::new();
    let mut users = Vec::new();
    for role in [Role::Administrator, Role::Editor, Role::Author] {
        site.token(role).await;
        let all: Vec<_> = TABLE
            .iter()
            .map(|(permission, _)| permission.as_str())
            .collect();
        let new = NewKey {
            name: "model".parse().unwrap(),
            email: format!("{}@example.org", role.as_str()).parse().unwrap(),
            scopes: all.join(",").parse().unwrap(),
            lifetime: Lifetime::Endless,
        };
        let request = RequestContext::default();
        let (issued, secret) = site.api_keys.issue(&request, new).await.unwrap();
        keys.push(secret.expose().to_owned());
        users.push(issued.user_id.to_string());
    }
    let mut bylines = Vec::new();
    for name in ["Ana García", "Luis Pérez"] {
        let call = Call::post("/v1/bylines").with_key(&keys[0]);
        let byline = call.json(&json!({ "name": name })).to(site).await;
        bylines.push(Name::of(&byline));
    }
    Names {
        keys: keys.try_into().unwrap(),
        users: users.try_into().unwrap(),
        posts: Vec::new(),
        categories: Vec::new(),
        bylines,
    }
}
