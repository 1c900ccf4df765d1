//! Redirects: each is stored in the claim on its path and as a row of the list. Old addresses of
//! posts use the same claims.

mod unknown;

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, FieldErrors, Result,
    error::Unique,
    page::{Page, PageRequest},
    redirects::{ChainLink, PathClaim, Redirect, RedirectStore, RedirectTarget},
    values::{Code, OldPath, RedirectId, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, AuditSubject, Table},
    paging::ListQuery,
    posts::HolderRecord,
    unit_of_work::{Condition, FailedCondition, UnitOfWork},
};

/// Stores redirects in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoRedirectStore {
    dynamo: Dynamo,
    cursors: CursorKeys,
}

/// The meaning of a failed condition.
enum RedirectRefusal {
    /// The path belongs to a post or another redirect.
    Taken,
    /// The chain of redirects has changed since it was read.
    OtherWay,
    /// The target post does not exist.
    NoPost,
}

impl DynamoRedirectStore {
    /// A store that signs the cursors of its list with `cursors`.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self { dynamo, cursors }
    }
}

#[async_trait]
impl RedirectStore for DynamoRedirectStore {
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Redirect>> {
        let top = keys::end_of_references();
        let list = ListQuery::of(Table::Posts, keys::redirects(), top);
        let sort_key = |redirect: &Redirect| keys::redirect_sort_key(redirect.id);
        list.page(&self.dynamo, &self.cursors, (now, page), sort_key, |row| {
            Ok(Some(row))
        })
        .await
    }

    async fn find(&self, id: RedirectId) -> Result<Option<Redirect>> {
        self.dynamo
            .find(Table::Posts, keys::redirect(id), Consistency::Strong)
            .await
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

    async fn insert(
        &self,
        context: &WriteContext,
        redirect: &Redirect,
        way: &[ChainLink],
    ) -> Result<WriteOutcome> {
        let mut change =
            UnitOfWork::new(&self.dynamo, context, AuditSubject::Redirect(redirect.id));
        let claim = Item::new(
            keys::old_path(&redirect.from),
            EntityType::Redirect,
            redirect,
        );
        change.insert(Table::Posts, encode(claim)?, RedirectRefusal::Taken)?;
        let row = Item::new(
            keys::redirect(redirect.id),
            EntityType::RedirectRow,
            redirect,
        );
        change.put(Table::Posts, encode(row)?)?;
        for step in way {
            let key = keys::old_path(&step.path);
            change.require_if(Table::Posts, key, as_seen(step), RedirectRefusal::OtherWay)?;
        }
        if let RedirectTarget::Post(id) = redirect.target {
            change.require(Table::Posts, keys::post(id), RedirectRefusal::NoPost)?;
        }
        let outcome = change.commit().await?;
        outcome.or_explain(|refused| explain(redirect, refused))
    }

    async fn remove(&self, context: &WriteContext, redirect: &Redirect) -> Result<WriteOutcome> {
        let mut change =
            UnitOfWork::new(&self.dynamo, context, AuditSubject::Redirect(redirect.id));
        change.remove_if(
            Table::Posts,
            keys::redirect(redirect.id),
            Condition::PRESENT,
            (),
        )?;
        let claim = keys::old_path(&redirect.from);
        change.remove_if(Table::Posts, claim, held_by(redirect.id), ())?;
        change.commit_or_conflict().await
    }
}

/// Decodes the claim on a path and its key.
fn claim(item: Attributes) -> Result<(keys::ItemKey, PathClaim)> {
    let entity = EntityType::Redirect.attribute()?;
    if item.get("et") == Some(&entity) {
        let item: Item<Redirect> = decode(item)?;
        return Ok((item.key(), PathClaim::Redirect(Box::new(item.body))));
    }
    let item: Item<HolderRecord> = decode(item)?;
    Ok((item.key(), PathClaim::Post(item.body.post_id)))
}

/// Condition: the path has the same redirect as when it was read, or still none. A post on the path also ends
/// a chain of redirects.
fn as_seen(step: &ChainLink) -> Condition {
    match step.redirect {
        Some(id) => held_by(id),
        None => Condition::new("attribute_not_exists(pk) OR attribute_exists(post_id)", []),
    }
}

fn held_by(id: RedirectId) -> Condition {
    Condition::new("id = :id", [(":id", AttributeValue::S(id.to_string()))])
}

fn explain(
    redirect: &Redirect,
    failed: Vec<FailedCondition<RedirectRefusal>>,
) -> Result<WriteOutcome> {
    let mut outcome = Ok(WriteOutcome::Conflict);
    for FailedCondition { refusal, item } in failed {
        match refusal {
            RedirectRefusal::Taken => {
                let holder = match item.map(claim).transpose()? {
                    Some((_, PathClaim::Post(id))) => Some(id),
                    Some((_, PathClaim::Redirect(_))) | None => None,
                };
                return Err(Error::Taken {
                    unique: Unique::RedirectedPath(redirect.from.clone()),
                    holder,
                });
            }
            RedirectRefusal::NoPost => {
                let code = Code::UnknownReference;
                outcome = Err(FieldErrors::one("/post_id", code, "does not exist").into());
            }
            RedirectRefusal::OtherWay => {}
        }
    }
    outcome
}
