//! Redirects: every redirect holds its path and has a row in the list.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{Result, redirects::Redirect};

use super::{
    Check, Doctor, DoctorFinding, DoctorRule,
    finding::{Fix, RedirectPair},
};
use crate::{
    item::{Attributes, EntityType, Item, decode, encode, entity},
    keys::{self, AuditSubject, ItemKey, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// The two items of a redirect.
struct RedirectItems {
    row: Option<Redirect>,
    /// The holder of the path.
    claim: Option<PathHolder>,
}

enum PathHolder {
    Redirect(Redirect),
    Post,
}

impl RedirectItems {
    fn of(pair: &RedirectPair, existing: &BTreeMap<ItemKey, Attributes>) -> Result<Self> {
        let redirect =
            |item: &Attributes| -> Result<Redirect> { Ok(decode::<Item<_>>(item.clone())?.body) };
        let row = existing.get(&keys::redirect(pair.id)).map(redirect);
        let holder = |item| match entity(item) {
            Some(EntityType::Redirect) => redirect(item).map(PathHolder::Redirect),
            _ => Ok(PathHolder::Post),
        };
        let claim = existing.get(&pair.claim).map(holder);
        Ok(Self {
            row: row.transpose()?,
            claim: claim.transpose()?,
        })
    }

    /// The wrong item and its fault.
    fn wrong(self, pair: &RedirectPair) -> Option<(ItemKey, &'static str)> {
        let row = || keys::redirect(pair.id);
        match (self.row, self.claim) {
            (None, Some(PathHolder::Redirect(claim))) if claim.id == pair.id => {
                Some((row(), "is missing"))
            }
            (None, _) => None,
            (Some(_), None) => Some((pair.claim.clone(), "is missing")),
            (Some(listed), Some(PathHolder::Redirect(claim))) if claim.id == pair.id => {
                (listed != claim).then(|| (row(), "differs from its redirect"))
            }
            (Some(_), Some(_)) => Some((row(), "has a path that belongs to another holder")),
        }
    }
}

impl Check<'_> {
    /// Finds redirects without a matching row or claim.
    pub(super) async fn redirects(
        &self,
        held: &BTreeSet<RedirectPair>,
    ) -> Result<BTreeSet<DoctorFinding>> {
        let mut pairs = held.clone();
        for row in self.partition(Table::Posts, keys::redirects()).await? {
            let Redirect { id, from, .. } = decode::<Item<_>>(row)?.body;
            let claim = keys::old_path(&from);
            pairs.insert(RedirectPair { id, claim });
        }
        let existing = self.read(Table::Posts, keys_of(&pairs)).await?;
        let mut found = BTreeSet::new();
        for pair in pairs {
            if let Some((key, detail)) = RedirectItems::of(&pair, &existing)?.wrong(&pair) {
                let fix = Fix::Redirect(pair);
                found.insert(DoctorFinding::new(DoctorRule::Redirects, key, detail, fix));
            }
        }
        Ok(found)
    }
}

impl Doctor {
    /// Rewrites the row from the claim, or a missing claim from the row. Deletes a row if its path
    /// belongs to another holder, because it has no effect.
    pub(super) async fn repair_redirect(&self, pair: &RedirectPair) -> Result<bool> {
        let keys = keys_of(std::iter::once(pair));
        let existing = self.check().read(Table::Posts, keys).await?;
        let (row, context) = (keys::redirect(pair.id), self.context());
        let mut change = UnitOfWork::new(&self.dynamo, &context, AuditSubject::Redirect(pair.id));
        let id = || [(":id", AttributeValue::S(pair.id.to_string()))];
        let own = || Condition::new("id = :id", id());
        let items = RedirectItems::of(pair, &existing)?;
        match (items.row, items.claim) {
            (_, Some(PathHolder::Redirect(claim))) if claim.id == pair.id => {
                change.require_if(Table::Posts, pair.claim.clone(), own(), ())?;
                let item = Item::new(row, EntityType::RedirectRow, claim);
                change.put(Table::Posts, encode(item)?)?;
            }
            (None, _) => return Ok(true),
            (Some(listed), None) => {
                change.require_if(Table::Posts, row, own(), ())?;
                let item = Item::new(pair.claim.clone(), EntityType::Redirect, listed);
                change.insert(Table::Posts, encode(item)?, ())?;
            }
            (Some(_), Some(_)) => {
                let others = "attribute_exists(pk) AND (attribute_not_exists(id) OR id <> :id)";
                let others = Condition::new(others, id());
                change.require_if(Table::Posts, pair.claim.clone(), others, ())?;
                change.remove(Table::Posts, row)?;
            }
        }
        Ok(change.commit().await?.is_committed())
    }
}

fn keys_of<'a>(pairs: impl IntoIterator<Item = &'a RedirectPair>) -> Vec<ItemKey> {
    let both = |pair: &RedirectPair| [keys::redirect(pair.id), pair.claim.clone()];
    pairs.into_iter().flat_map(both).collect()
}
