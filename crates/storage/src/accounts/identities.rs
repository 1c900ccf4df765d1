//! Identities of foreign issuers: one item that names the user, and one entry at the user.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    accounts::{Identity, IdentityLink, IdentityStore, User},
    values::{Email, UserId},
    writes::{WriteContext, WriteOutcome},
};

use super::{
    DynamoAccountStore,
    records::EmailRecord,
    users::{find_by_email, is_active},
};
use crate::{
    dynamo::{Consistency, KeyRange, RangeQuery},
    item::{EntityType, Item, decode, encode},
    keys::{self, AuditSubject, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// The attributes of an identity.
#[derive(Debug, Serialize, Deserialize)]
struct IdentityRecord {
    user_id: UserId,
}

/// The attributes of the entry at the user.
#[derive(Debug, Serialize, Deserialize)]
struct IdentityRowRecord {
    issuer: String,
    subject: String,
}

impl DynamoAccountStore {
    fn identity_change<'a>(
        &'a self,
        context: &'a WriteContext,
        user: UserId,
    ) -> UnitOfWork<'a, ()> {
        UnitOfWork::new(&self.dynamo, context, AuditSubject::User(Some(user)))
    }

    /// Removes the identities of a user together with the user.
    pub(super) async fn remove_identities(
        &self,
        change: &mut UnitOfWork<'_, ()>,
        user: UserId,
    ) -> Result<()> {
        let (pk, ends) = keys::identity_rows(user);
        let query = RangeQuery::all(pk, KeyRange::Ascending(ends));
        for item in self.dynamo.query(Table::Identity, query).await? {
            let row = decode::<Item<IdentityRowRecord>>(item)?.body;
            remove_link(change, user, row)?;
        }
        Ok(())
    }
}

fn insert_link(change: &mut UnitOfWork<'_, ()>, link: &IdentityLink) -> Result<()> {
    let IdentityLink {
        identity: Identity { issuer, subject },
        user_id,
    } = link;
    let record = IdentityRecord { user_id: *user_id };
    let key = keys::identity(issuer, subject);
    let item = encode(Item::new(key, EntityType::Identity, record))?;
    change.insert(Table::Identity, item, ())?;
    let row = IdentityRowRecord {
        issuer: issuer.clone(),
        subject: subject.clone(),
    };
    let key = keys::identity_row(*user_id, issuer);
    let item = encode(Item::new(key, EntityType::IdentityRow, row))?;
    change.insert(Table::Identity, item, ())
}

/// Requires that a user meets a condition and has the identity.
pub(super) fn require_linked(
    change: &mut UnitOfWork<'_, ()>,
    user: UserId,
    identity: &Identity,
    condition: Condition,
) -> Result<()> {
    let owner = AttributeValue::S(user.to_string());
    let linked = Condition::new("user_id = :user", [(":user", owner)]);
    let link = keys::identity(&identity.issuer, &identity.subject);
    change.require_if(Table::Identity, link, linked, ())?;
    change.require_if(Table::Identity, keys::user(user), condition, ())
}

fn remove_link(
    change: &mut UnitOfWork<'_, ()>,
    user: UserId,
    row: IdentityRowRecord,
) -> Result<()> {
    let IdentityRowRecord { issuer, subject } = row;
    change.remove(Table::Identity, keys::identity(&issuer, &subject))?;
    change.remove(Table::Identity, keys::identity_row(user, &issuer))
}

#[async_trait]
impl IdentityStore for DynamoAccountStore {
    async fn find_linked(&self, identity: &Identity) -> Result<Option<UserId>> {
        if let Some(user) = self.identities.get(identity).await {
            return Ok(Some(user));
        }
        let key = keys::identity(&identity.issuer, &identity.subject);
        let found = self.dynamo.find(Table::Identity, key, Consistency::Strong);
        let Some(IdentityRecord { user_id }) = found.await? else {
            return Ok(None);
        };
        self.identities.insert(identity.clone(), user_id).await;
        Ok(Some(user_id))
    }

    async fn find_holder(&self, email: &Email) -> Result<Option<User>> {
        find_by_email(&self.dynamo, email).await
    }

    async fn link(&self, context: &WriteContext, link: &IdentityLink) -> Result<WriteOutcome> {
        let mut change = self.identity_change(context, link.user_id);
        insert_link(&mut change, link)?;
        let user = keys::user(link.user_id);
        change.require_if(Table::Identity, user, is_active(), ())?;
        change.commit_or_conflict().await
    }

    async fn insert_linked(
        &self,
        context: &WriteContext,
        user: &User,
        link: &IdentityLink,
    ) -> Result<WriteOutcome> {
        let mut change = self.identity_change(context, user.id);
        let record = EmailRecord::of(user.id);
        let claim = Item::new(keys::email(&user.email), EntityType::Email, record);
        change.insert(Table::Identity, encode(claim)?, ())?;
        let item = Item::new(keys::user(user.id), EntityType::User, user);
        change.put(Table::Identity, encode(item)?)?;
        insert_link(&mut change, link)?;
        change.commit_or_conflict().await
    }

    async fn unlink(&self, context: &WriteContext, user: UserId, issuer: &str) -> Result<bool> {
        let key = keys::identity_row(user, issuer);
        let found = self.dynamo.find(Table::Identity, key, Consistency::Strong);
        let Some(row) = found.await? else {
            return Ok(false);
        };
        let row: IdentityRowRecord = row;
        let identity = Identity {
            issuer: row.issuer.clone(),
            subject: row.subject.clone(),
        };
        let mut change = self.identity_change(context, user);
        remove_link(&mut change, user, row)?;
        let outcome = change.commit_or_conflict().await;
        self.identities.invalidate(&identity).await;
        Ok(outcome? == WriteOutcome::Applied)
    }
}
