//! Ids and slugs of the resources that the model numbers.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tintero_domain::{
    access::{RequestContext, Role, TABLE},
    accounts::{Lifetime, NewKey},
};

use super::{
    merges::Merging,
    operations::{Actor, Gone, Naming, Operation},
    words::{TAG_NAMES, TAGS},
    world::World,
};
use crate::{call::Call, site::Site};

pub(super) struct Names {
    /// Tokens or keys of the callers.
    keys: [String; 3],
    users: [String; 3],
    pub(super) posts: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) bylines: Vec<String>,
    pub(super) ways: Vec<String>,
    /// Operations by their source.
    pub(super) merges: BTreeMap<Gone, Merging>,
}

impl Names {
    /// Creates the users and bylines of the site.
    pub(super) async fn of(site: &Site) -> Self {
        let mut keys = Vec::new();
        let mut users = Vec::new();
        for role in [Role::Administrator, Role::Editor, Role::Author] {
            let (user, key) = account(site, role).await;
            users.push(user);
            keys.push(key);
        }
        let mut bylines = Vec::new();
        for name in ["Ana García", "Luis Pérez"] {
            let call = Call::post("/v1/bylines").with_key(&keys[0]);
            let byline = call.json(&json!({ "name": name })).to(site).await;
            bylines.push(byline.body["id"].as_str().unwrap().to_owned());
        }
        Self {
            keys: keys.try_into().unwrap(),
            users: users.try_into().unwrap(),
            posts: Vec::new(),
            categories: Vec::new(),
            bylines,
            ways: Vec::new(),
            merges: BTreeMap::new(),
        }
    }

    pub(super) fn key(&self, actor: Actor) -> &str {
        &self.keys[actor as usize]
    }

    pub(super) fn user(&self, actor: Actor) -> &str {
        &self.users[actor as usize]
    }

    /// Records the id of a created resource.
    pub(super) fn learn(&mut self, operation: &Operation, answer: &Value) {
        match operation {
            Operation::Create { .. } => learn(&mut self.posts, &answer["id"]),
            Operation::Batch(_) => {
                let results = answer["results"].as_array().into_iter().flatten();
                for result in results.filter(|result| result["status"] == 201) {
                    learn(&mut self.posts, &result["post"]["id"]);
                }
            }
            Operation::CreateCategory { .. } => learn(&mut self.categories, &answer["id"]),
            Operation::CreateRedirect { .. } => learn(&mut self.ways, &answer["id"]),
            _ => {}
        }
    }

    /// A category as named in a request.
    pub(super) fn category(&self, world: &World, named: Naming) -> Option<String> {
        Some(match named.sent(&world.tree)? {
            Naming::Slug(slug) => slug.to_owned(),
            Naming::Id(nth) | Naming::SlugOf(nth) => self.categories[nth].clone(),
        })
    }

    pub(super) fn categories(&self, nths: &[usize]) -> Vec<&str> {
        let names = nths.iter().map(|nth| self.categories[*nth].as_str());
        names.collect()
    }

    /// A replayed response: with the current categories and tags in place of former ones.
    pub(super) fn bring_up_to_date(&self, world: &World, answer: &mut Value) {
        if let Some(named) = answer.get_mut("category_ids") {
            let nth = |id: &Value| self.categories.iter().position(|known| *known == *id);
            let nths: Vec<_> = named
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(nth)
                .collect();
            *named = json!(self.categories(&world.tree.present(&nths)));
        }
        if let Some(named) = answer.get_mut("tags") {
            let all = || TAGS.into_iter().flatten().chain(&TAG_NAMES);
            let known = |tag: &Value| all().find(|known| *tag == **known).copied();
            let tags: Vec<_> = named
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(known)
                .collect();
            *named = json!(world.tags.present(&tags));
        }
    }

    pub(super) fn bylines(&self, nths: &[usize]) -> Vec<&str> {
        nths.iter().map(|nth| self.bylines[*nth].as_str()).collect()
    }
}

/// Removes the members that replays do not contain.
fn learn(names: &mut Vec<String>, id: &Value) {
    let id = id.as_str().unwrap().to_owned();
    if !names.contains(&id) {
        names.push(id);
    }
}

impl Call {
    pub(super) fn with_key(self, key: &str) -> Self {
        self.header("authorization", &format!("ApiKey {key}"))
    }
}

/// Creates a user and a key with all scopes.
async fn account(site: &Site, role: Role) -> (String, String) {
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
    (issued.user_id.to_string(), secret.expose().to_owned())
}
