//! Redirects that were made by hand: each holds its path and stands in the list.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{Result, redirects::Redirect, values::RedirectId};

use super::{Doctor, Finding, Look, Rule, finding::Cure, repair::done};
use crate::{
    item::{Attributes, EntityType, Item, decode, encode, entity},
    keys::{self, Key, Subject, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// A redirect, and the claim on the path that it leads away from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) id: RedirectId,
    pub(super) claim: Key,
}

/// What the two places of a redirect say.
struct Said {
    row: Option<Redirect>,
    /// Who holds the path.
    claim: Option<Holder>,
}

enum Holder {
    Redirect(Redirect),
    Post,
}

impl Said {
    fn of(pair: &Pair, there: &BTreeMap<Key, Attributes>) -> Result<Self> {
        let redirect =
            |item: &Attributes| -> Result<Redirect> { Ok(decode::<Item<_>>(item.clone())?.body) };
        let row = there.get(&keys::redirect(pair.id)).map(redirect);
        let holder = |item| match entity(item) {
            Some(EntityType::Redirect) => redirect(item).map(Holder::Redirect),
            _ => Ok(Holder::Post),
        };
        let claim = there.get(&pair.claim).map(holder);
        Ok(Self {
            row: row.transpose()?,
            claim: claim.transpose()?,
        })
    }

    /// What is wrong with which of the places.
    fn wrong(self, pair: &Pair) -> Option<(Key, &'static str)> {
        let row = || keys::redirect(pair.id);
        match (self.row, self.claim) {
            (None, Some(Holder::Redirect(claim))) if claim.id == pair.id => {
                Some((row(), "is missing"))
            }
            (None, _) => None,
            (Some(_), None) => Some((pair.claim.clone(), "is missing")),
            (Some(listed), Some(Holder::Redirect(claim))) if claim.id == pair.id => {
                (listed != claim).then(|| (row(), "says something else than its redirect"))
            }
            (Some(_), Some(_)) => Some((row(), "is of a path that is held by another")),
        }
    }
}

impl Look<'_> {
    /// Redirects that do not stand in the list as they hold their path.
    pub(super) async fn redirects(&self, held: &BTreeSet<Pair>) -> Result<BTreeSet<Finding>> {
        let mut pairs = held.clone();
        for row in self.partition(Table::Posts, keys::redirects()).await? {
            let Redirect { id, from, .. } = decode::<Item<_>>(row)?.body;
            let claim = keys::old_path(&from);
            pairs.insert(Pair { id, claim });
        }
        let there = self.read(Table::Posts, places(&pairs)).await?;
        let mut found = BTreeSet::new();
        for pair in pairs {
            if let Some((place, detail)) = Said::of(&pair, &there)?.wrong(&pair) {
                let cure = Cure::Redirect(pair);
                found.insert(Finding::new(Rule::Redirects, place, detail, cure));
            }
        }
        Ok(found)
    }
}

impl Doctor {
    /// Writes the row again as the claim says, and a claim that is missing as the row does. A row
    /// whose path belongs to another leads nowhere, and goes.
    pub(super) async fn mend_redirect(&self, pair: &Pair) -> Result<bool> {
        let places = places(std::iter::once(pair));
        let there = self.look().read(Table::Posts, places).await?;
        let (row, act) = (keys::redirect(pair.id), self.act());
        let mut change = UnitOfWork::new(&self.dynamo, &act, Subject::Redirect(pair.id));
        let id = || [(":id", AttributeValue::S(pair.id.to_string()))];
        let own = || Condition::new("id = :id", id());
        let said = Said::of(pair, &there)?;
        match (said.row, said.claim) {
            (_, Some(Holder::Redirect(claim))) if claim.id == pair.id => {
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
        done(change).await
    }
}

fn places<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> Vec<Key> {
    let both = |pair: &Pair| [keys::redirect(pair.id), pair.claim.clone()];
    pairs.into_iter().flat_map(both).collect()
}
