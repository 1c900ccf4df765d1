//! Tests users and API keys against a model: sends random operations to a site and applies them to a
//! list of people. After each step, the list of users, sign-in and the keys must be as expected.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    random::sequences,
    site::{Site, site},
};

const PASSWORD: &str = "staple correct horse";

/// Number of e-mail addresses.
const ADDRESSES: usize = 4;

#[derive(Debug, Clone)]
enum Deed {
    Invite(usize, Role),
    InviteAgain(usize),
    /// With the token of the latest invitation, or of an earlier one.
    Accept(usize, bool),
    SetRole(usize, Role),
    Disable(usize),
    Enable(usize),
    Delete(usize),
    CreateKey(usize),
    RotateKey(usize),
    RevokeKey(usize),
    /// Completes the operations.
    Work,
}

/// A person of the model. The first one is the administrator who acts.
#[derive(Debug, Clone)]
struct Person {
    address: usize,
    id: String,
    role: Role,
    status: &'static str,
    version: u64,
    /// Tokens of invitations, the valid one last.
    invitations: Vec<Value>,
    /// Path, secret and validity of the keys.
    keys: Vec<(String, String, bool)>,
}

struct Town {
    site: Site,
    admin: String,
    people: Vec<Person>,
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = || 0..ADDRESSES;
    let role = || proptest::sample::select(Role::ALL.to_vec());
    prop_oneof![
        4 => (who(), role()).prop_map(|(who, role)| Deed::Invite(who, role)),
        1 => who().prop_map(Deed::InviteAgain),
        4 => (who(), prop::bool::weighted(0.8)).prop_map(|(who, latest)| Deed::Accept(who, latest)),
        2 => (who(), role()).prop_map(|(who, role)| Deed::SetRole(who, role)),
        2 => who().prop_map(Deed::Disable),
        2 => who().prop_map(Deed::Enable),
        1 => who().prop_map(Deed::Delete),
        2 => who().prop_map(Deed::CreateKey),
        1 => who().prop_map(Deed::RotateKey),
        1 => who().prop_map(Deed::RevokeKey),
        1 => Just(Deed::Work),
    ]
}

fn email(address: usize) -> String {
    format!("person{address}@example.org")
}

proptest! {
    #![proptest_config(sequences(12, 20_261_127))]

    #[test]
    fn users_and_keys_agree_with_the_model(deeds in vec(deed(), 1..30)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let mut town = Town::new().await;
            for deed in deeds {
                town.take(&deed).await;
                town.compare(&deed).await;
            }
        });
    }
}

impl Town {
    async fn new() -> Self {
        let site = site().await;
        let admin = site.token(Role::Administrator).await;
        Self {
            site,
            admin,
            people: Vec::new(),
        }
    }

    /// The person with the address who is not being deleted.
    fn at(&self, address: usize) -> Option<usize> {
        let mut people = self.people.iter();
        people.position(|person| person.address == address && person.status != "deleting")
    }

    async fn take(&mut self, deed: &Deed) {
        // Sessions and changes in the same second would be ambiguous.
        self.site.clock.forward_seconds(1);
        match deed {
            Deed::Invite(who, role) => self.invite(*who, *role).await,
            Deed::Work => {
                self.site.work().await;
                self.people.retain(|person| person.status != "deleting");
            }
            Deed::InviteAgain(who)
            | Deed::Accept(who, _)
            | Deed::SetRole(who, _)
            | Deed::Disable(who)
            | Deed::Enable(who)
            | Deed::Delete(who) => {
                if let Some(at) = self.at(*who) {
                    self.change(at, deed).await;
                }
            }
            Deed::CreateKey(who) | Deed::RotateKey(who) | Deed::RevokeKey(who) => {
                if let Some(at) = self.at(*who) {
                    self.key(at, deed).await;
                }
            }
        }
    }

    async fn invite(&mut self, address: usize, role: Role) {
        let body = json!({"email": email(address), "role": role.as_str()});
        let answer = self.site.post_as(&self.admin, "/v1/users", &body).await;
        if self.at(address).is_some() {
            assert_eq!(answer.refusal(), (409, "email_taken"));
            return;
        }
        assert_eq!(answer.status, 201);
        self.people.push(Person {
            address,
            id: answer.body["user"]["id"].as_str().unwrap().to_owned(),
            role,
            status: "invited",
            version: 1,
            invitations: vec![answer.body["token"].clone()],
            keys: Vec::new(),
        });
    }

    async fn change(&mut self, at: usize, deed: &Deed) {
        let person = self.people[at].clone();
        let path = format!("/v1/users/{}", person.id);
        let tag = format!("\"{0}.{0}\"", person.version);
        let post = |action: &str| Call::post(&format!("{path}/{action}")).signed(&self.admin);
        let (call, allowed, changed, after) = match deed {
            Deed::InviteAgain(_) => {
                let allowed = person.status == "invited";
                (post("invitation"), allowed, true, person.status)
            }
            Deed::Accept(_, latest) => {
                let tokens = &person.invitations;
                let token = if *latest {
                    tokens.last()
                } else {
                    tokens.first()
                };
                let body = json!({"token": token, "password": PASSWORD});
                let valid = person.status == "invited" && token == tokens.last();
                let accept = Call::post("/v1/auth/invitations/accept").json(&body);
                (accept, valid, true, "active")
            }
            Deed::SetRole(_, role) => {
                let body = json!({"role": role.as_str()}).to_string();
                let call = Call::patch(&path).signed(&self.admin).based_on(&tag);
                let call = call.bytes("application/merge-patch+json", body);
                (call, true, *role != person.role, person.status)
            }
            Deed::Disable(_) => {
                let allowed = ["active", "disabled"].contains(&person.status);
                let changed = person.status == "active";
                (post("disable").based_on(&tag), allowed, changed, "disabled")
            }
            Deed::Enable(_) => {
                let allowed = ["active", "disabled"].contains(&person.status);
                let changed = person.status == "disabled";
                (post("enable").based_on(&tag), allowed, changed, "active")
            }
            _ => {
                let call = Call::delete(&path).signed(&self.admin).based_on(&tag);
                (call, true, true, "deleting")
            }
        };
        let answer = call.to(&self.site).await;
        assert_eq!(
            (200..300).contains(&answer.status),
            allowed,
            "{deed:?}: {}",
            answer.text
        );
        if !allowed || !changed {
            return;
        }
        let person = &mut self.people[at];
        person.version += 1;
        person.status = after;
        if let Deed::SetRole(_, role) = deed {
            person.role = *role;
        }
        if let Deed::InviteAgain(_) = deed {
            person.invitations.push(answer.body["token"].clone());
        }
    }

    async fn key(&mut self, at: usize, deed: &Deed) {
        let Some(token) = self.sign_in(at).await else {
            return;
        };
        let path = self.people[at].keys.last().map(|(path, ..)| path.clone());
        let valid = self.people[at]
            .keys
            .last()
            .is_some_and(|(.., valid)| *valid);
        let made = match (deed, path) {
            (Deed::CreateKey(_), _) => {
                let body = json!({"name": "robot", "scopes": ["posts:read"]});
                Some(self.site.post_as(&token, "/v1/api-keys", &body).await)
            }
            (Deed::RotateKey(_), Some(path)) => {
                let body = json!({"overlap_seconds": 0});
                let rotate = format!("{path}/rotate");
                let answer = self.site.post_as(&token, &rotate, &body).await;
                assert_eq!(
                    answer.status,
                    if valid { 201 } else { 409 },
                    "{}",
                    answer.text
                );
                valid.then_some(answer)
            }
            (_, Some(path)) => {
                let revoked = Call::delete(&path).signed(&token).to(&self.site).await;
                assert_eq!(revoked.status, 204);
                None
            }
            (_, None) => return,
        };
        let keys = &mut self.people[at].keys;
        if !matches!(deed, Deed::CreateKey(_))
            && let Some((.., valid)) = keys.last_mut()
        {
            *valid = false;
        }
        keys.extend(made.map(|answer| issued(&answer)));
    }

    async fn sign_in(&self, at: usize) -> Option<String> {
        let person = &self.people[at];
        // Failed attempts lengthen the wait for the next one, so only some sign-ins are tried.
        if person.status != "active" && !person.version.is_multiple_of(3) {
            return None;
        }
        let body = json!({"email": email(person.address), "password": PASSWORD});
        let answer = self.site.post("/v1/auth/login", &body).await;
        answer.body["access_token"].as_str().map(str::to_owned)
    }

    async fn compare(&self, deed: &Deed) {
        let listed = self.site.get_as(&self.admin, "/v1/users?limit=100").await;
        let listed = listed.body["items"].as_array().unwrap().iter();
        let mut seen: Vec<_> = listed
            .filter(|user| user["email"] != "administrator@example.org")
            .map(|user| {
                let text = |name: &str| user[name].as_str().unwrap().to_owned();
                let version = user["version"].as_u64().unwrap();
                (text("id"), text("role"), text("status"), version)
            })
            .collect();
        seen.reverse();
        let expected = self.people.iter().map(|person| {
            let (role, status) = (person.role.as_str().to_owned(), person.status.to_owned());
            (person.id.clone(), role, status, person.version)
        });
        assert_eq!(seen, expected.collect::<Vec<_>>(), "{deed:?}");
        for (at, person) in self.people.iter().enumerate() {
            let is_active = person.status == "active";
            if person.status != "deleting" {
                assert_eq!(self.sign_in(at).await.is_some(), is_active, "{deed:?}");
            }
            for (_, secret, valid) in &person.keys {
                let call = Call::get("/v1/me").header("authorization", secret);
                let status = call.to(&self.site).await.status;
                let expected = if *valid && is_active { 200 } else { 401 };
                assert_eq!(status, expected, "{deed:?}: {person:?}");
            }
        }
    }
}

fn issued(answer: &Answer) -> (String, String, bool) {
    let secret = answer.body["secret"].as_str().unwrap();
    (
        answer.header("location").to_owned(),
        format!("ApiKey {secret}"),
        true,
    )
}
