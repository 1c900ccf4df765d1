//! Redirects in DynamoDB: each lies in the claim on its path, the same claim that an old address of
//! a post is, and once more as a row of their list.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, FieldErrors, Result,
    act::Act,
    error::Unique,
    page::{Page, PageRequest},
    posts::Commit,
    redirects::{PathClaim, Redirect, RedirectStore, Step, Target},
    values::{Code, OldPath, PostId, RedirectId, Timestamp},
};

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, Subject, Table},
    paging::List,
    posts::HolderRecord,
    unit_of_work::{Condition, Outcome, Refused, UnitOfWork},
};

/// Keeps redirects in DynamoDB.
#[derive(Debug, Clone)]
pub struct Redirects {
    dynamo: Dynamo,
    cursors: CursorKeys,
}

/// What refused a redirect.
enum Refusal {
    /// The path belongs to a post or another redirect.
    Taken,
    /// The way on which it leads is another one by now.
    OtherWay,
    /// The post to which it leads does not exist.
    NoPost,
}

impl Redirects {
    /// The store over an installation's tables; `cursors` signs the positions in its list.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self { dynamo, cursors }
    }
}

#[async_trait]
impl RedirectStore for Redirects {
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Redirect>> {
        let top = keys::end_of_references();
        let list = List::of(Table::Posts, keys::redirects(), top);
        let place = |redirect: &Redirect| keys::redirect_place(redirect.id);
        list.page(&self.dynamo, &self.cursors, (now, page), place, |row| {
            Ok(Some(row))
        })
        .await
    }

    async fn find(&self, id: RedirectId) -> Result<Option<Redirect>> {
        let item: Option<Item<Redirect>> = self
            .dynamo
            .get(Table::Posts, keys::redirect(id), Consistency::Strong)
            .await?;
        Ok(item.map(|item| item.body))
    }

    async fn find_claims(&self, paths: &[OldPath]) -> Result<HashMap<OldPath, PathClaim>> {
        let named: HashMap<_, _> = paths
            .iter()
            .map(|path| (keys::old_path(path), path))
            .collect();
        let keys = named.keys().cloned().collect();
        let items = self
            .dynamo
            .get_many(Table::Posts, keys, Consistency::Eventual)
            .await?;
        let mut claims = HashMap::new();
        for item in items {
            let (key, claim) = claim(item)?;
            if let Some(path) = named.get(&key) {
                claims.insert(OldPath::clone(path), claim);
            }
        }
        Ok(claims)
    }

    async fn insert(&self, act: &Act, redirect: &Redirect, way: &[Step]) -> Result<Commit> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::Redirect(redirect.id));
        let claim = Item::new(
            keys::old_path(&redirect.from),
            EntityType::Redirect,
            redirect,
        );
        change.insert(Table::Posts, encode(claim)?, Refusal::Taken)?;
        let row = Item::new(
            keys::redirect(redirect.id),
            EntityType::RedirectRow,
            redirect,
        );
        change.put(Table::Posts, encode(row)?)?;
        for step in way {
            let key = keys::old_path(&step.path);
            change.require_if(Table::Posts, key, as_seen(step), Refusal::OtherWay)?;
        }
        if let Target::Post(id) = redirect.target {
            change.require(Table::Posts, keys::post(id), Refusal::NoPost)?;
        }
        match change.commit(None).await? {
            Outcome::Done => Ok(Commit::Done),
            Outcome::KeyReused => Err(Error::KeyReused),
            Outcome::Refused(refused) => settle(redirect, refused),
        }
    }

    async fn remove(&self, act: &Act, redirect: &Redirect) -> Result<Commit> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::Redirect(redirect.id));
        change.remove_if(
            Table::Posts,
            keys::redirect(redirect.id),
            Condition::PRESENT,
            (),
        )?;
        let claim = keys::old_path(&redirect.from);
        change.remove_if(Table::Posts, claim, held_by(redirect.id), ())?;
        match change.commit(None).await? {
            Outcome::Done => Ok(Commit::Done),
            Outcome::KeyReused => Err(Error::KeyReused),
            Outcome::Refused(_) => Ok(Commit::Stale),
        }
    }
}

/// What the item of a path says, and where it lies.
fn claim(item: Attributes) -> Result<(keys::Key, PathClaim)> {
    let entity = EntityType::Redirect.attribute()?;
    if item.get("et") == Some(&entity) {
        let item: Item<Redirect> = decode(item)?;
        return Ok((item.key(), PathClaim::Redirect(Box::new(item.body))));
    }
    let item: Item<HolderRecord> = decode(item)?;
    Ok((item.key(), PathClaim::Post(item.body.post_id)))
}

/// The path is still held, or free, as it was when it was looked at. A post that came to it
/// meanwhile is the end of the way, too.
fn as_seen(step: &Step) -> Condition {
    match step.redirect {
        Some(id) => held_by(id),
        None => Condition::new("attribute_not_exists(pk) OR attribute_exists(post_id)", []),
    }
}

fn held_by(id: RedirectId) -> Condition {
    Condition::new("id = :id", [(":id", AttributeValue::S(id.to_string()))])
}

fn settle(redirect: &Redirect, refused: Vec<Refused<Refusal>>) -> Result<Commit> {
    let mut outcome = Ok(Commit::Stale);
    for Refused { refusal, item } in refused {
        match refusal {
            Refusal::Taken => {
                return Err(Error::Taken {
                    unique: Unique::RedirectedPath(redirect.from.clone()),
                    holder: item.and_then(post_in),
                });
            }
            Refusal::NoPost => {
                let code = Code::UnknownReference;
                outcome = Err(FieldErrors::one("/post_id", code, "does not exist").into());
            }
            Refusal::OtherWay => {}
        }
    }
    outcome
}

fn post_in(item: Attributes) -> Option<PostId> {
    match claim(item).ok()? {
        (_, PathClaim::Post(id)) => Some(id),
        (_, PathClaim::Redirect(_)) => None,
    }
}
