//! The site under test, driven together with the model.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

use tokio::runtime::{Builder, Runtime};

use super::{
    mirror::Mirror,
    names::Names,
    operations::{Actor, Company, Operation, Step},
    orders::Request,
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
    pub(super) mirror: Mirror,
    /// The state of the model.
    pub(super) world: World,
    /// The last accepted request with an idempotency key, and its response.
    kept: Option<(Call, Answer)>,
    /// The number of idempotency keys used.
    keys: usize,
}

impl Desk {
    pub(super) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (site, names) = runtime.block_on(async {
            let site = site().await;
            let names = Names::of(&site).await;
            (site, names)
        });
        Self {
            runtime,
            site,
            names,
            mirror: Mirror::default(),
            world: World::default(),
            kept: None,
            keys: 0,
        }
    }

    /// Applies an operation to the site and finds the matching outcome of the model.
    pub(super) fn take(&mut self, step: &Step) {
        let mut possible = self.world.clone().after(step);
        let requests = step.requests(&self.world);
        self.world.now = possible[0].now;
        self.site.clock.forward_to(self.world.now);
        match step.operation {
            Operation::KeepHouse => self.run_cleanup(),
            Operation::Work { runner, crash } => self.work(runner, crash),
            _ => {}
        }
        let sent = self.calls(requests);
        let answers = self.send(&sent, &step.company);
        let seen: Vec<_> = answers.iter().map(world::Answer::seen).collect();
        let found = possible.iter().position(|world| world.answers == seen);
        let Some(found) = found else {
            let expected: Vec<_> = possible.iter().map(|world| &world.answers).collect();
            let said: Vec<_> = answers.iter().map(|answer| &answer.text).collect();
            panic!("answers: {seen:?} {said:?}; one of these was expected: {expected:?}");
        };
        self.world = possible.swap_remove(found);
        let alone = matches!(step.company, Company::Alone);
        for ((request, call), answer) in sent.into_iter().zip(answers) {
            self.remember(&request, call, answer, alone);
        }
    }

    /// Converts an operation to requests; none if its target does not exist.
    fn calls(&mut self, requests: Vec<Request>) -> Vec<(Request, Call)> {
        let mut sent: Vec<(Request, Call)> = Vec::new();
        for request in requests {
            let call = match sent.first() {
                // A replay sends exactly the same request.
                Some((_, first)) if request.keyed => Some(first.clone()),
                _ => self.call(&request),
            };
            sent.extend(call.map(|call| (request, call)));
        }
        sent
    }

    pub(super) fn call(&mut self, request: &Request) -> Option<Call> {
        let Request {
            operation,
            by,
            keyed,
        } = request;
        if matches!(operation, Operation::Repeat) {
            self.world.repeated()?;
            return self.kept.as_ref().map(|(call, _)| call.clone());
        }
        if let Operation::Cancel { nth } = operation
            && *by != Actor::Author
        {
            self.note_cancel(&self.world.gone(*nth)?);
        }
        let call = self.names.request(&self.world, request)?;
        let call = call.with_key(self.names.key(*by));
        if !(*keyed && operation.takes_a_key()) {
            return Some(call);
        }
        self.keys += 1;
        Some(call.header("idempotency-key", &format!("key-{}", self.keys)))
    }

    /// Sends requests, concurrently or during another event.
    fn send(&self, sent: &[(Request, Call)], company: &Company) -> Vec<Answer> {
        let (site, call) = (&self.site, |nth: usize| sent[nth].1.clone().to(&self.site));
        self.runtime.block_on(async {
            match (company, sent.len()) {
                (_, 0) => Vec::new(),
                (_, 2) => {
                    let (one, two) = tokio::join!(call(0), call(1));
                    vec![one, two]
                }
                (Company::Housekeeper, _) => {
                    let (answer, kept) = tokio::join!(call(0), site.posts.run_cleanup());
                    kept.unwrap();
                    vec![answer]
                }
                (Company::Runner, _) => {
                    let (answer, round) = tokio::join!(call(0), site.runners[0].poll());
                    round.unwrap();
                    vec![answer]
                }
                _ => vec![call(0).await],
            }
        })
    }

    fn remember(&mut self, request: &Request, call: Call, answer: Answer, alone: bool) {
        if matches!(request.operation, Operation::Repeat) {
            assert_eq!(answer.header("idempotent-replayed"), "true");
            let mut first = self.kept.as_ref().map(|(_, first)| first.body.clone());
            if let Some(first) = &mut first {
                self.names.bring_up_to_date(&self.world, first);
            }
            let mut again = Some(answer.body);
            for answer in [&mut first, &mut again].into_iter().flatten() {
                remove_taxonomy_changes(answer);
            }
            assert_eq!(again, first, "a repetition returns the first response");
            return;
        }
        if answer.status < 300 {
            self.names.learn(&request.operation, &answer.body);
            if answer.status == 202 {
                self.note_merge(&request.operation, &answer.body, alone);
            }
            if call.has("idempotency-key") {
                self.kept = Some((call, answer));
            }
        }
    }

    /// Runs cleanup. The data is consistent before and after.
    pub(super) fn run_cleanup(&self) {
        self.require_order();
        self.runtime.block_on(async {
            self.site.posts.run_cleanup().await.unwrap();
            let left = self.site.posts.oldest_pending_cleanup().await.unwrap();
            assert_eq!(left, None, "nothing is left after the cleanup");
        });
        self.require_order();
    }

    /// A runner that crashes leaves unreferenced chunks. All other data is always consistent.
    pub(super) fn require_order(&self) {
        let examined = self.runtime.block_on(self.site.doctor.examine(|_| {}));
        let mut findings = examined.unwrap().findings;
        findings.retain(|finding| !finding.key.sk.starts_with("BODY#"));
        assert!(findings.is_empty(), "the doctor found {findings:?}");
    }

    pub(super) fn get(&self, path: &str, signed: bool) -> Answer {
        let call = Call::get(path);
        let call = if signed {
            call.with_key(self.names.key(Actor::Editor))
        } else {
            call
        };
        self.runtime.block_on(call.to(&self.site))
    }
}

/// Removes categories and tags from a diff: a later merge may have replaced them.
fn remove_taxonomy_changes(answer: &mut serde_json::Value) {
    if let Some(fields) = answer.pointer_mut("/diff/fields") {
        let fields = fields.as_object_mut().into_iter();
        fields.for_each(|fields| fields.retain(|name, _| name != "tags" && name != "category_ids"));
    }
}

impl world::Answer {
    fn seen(answer: &Answer) -> Self {
        let items = answer.body["results"].as_array().into_iter().flatten();
        let status = |item: &serde_json::Value| item["status"].as_u64().unwrap();
        Self {
            status: answer.status,
            merged: answer.body["merged"] == true,
            items: items
                .map(|item| u16::try_from(status(item)).unwrap())
                .collect(),
        }
    }
}
