//! Accounts: users with their claims on e-mail addresses, and sessions.

mod factor_records;
mod factors;
mod identities;
mod proofs;
mod records;
mod resets;
mod rotation;
mod sessions;
mod users;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use tintero_domain::{
    Error, Result,
    accounts::{AccountStore, Credentials, Identity, PasswordHash, Session, User},
    error::{Resource, Unique},
    values::{Email, Timestamp, UserId},
    writes::WriteContext,
};
use uuid::Uuid;

use self::records::EmailRecord;
pub use self::users::DynamoUserStore;
use crate::{
    cache::recent,
    dynamo::{Consistency, Dynamo},
    item::{EntityType, Item, encode},
    keys::{self, AuditSubject, Table},
    unit_of_work::{Condition, TransactionOutcome, UnitOfWork},
};

/// Stores accounts in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoAccountStore {
    dynamo: Dynamo,
    users: Cache<UserId, User>,
    /// `None` for a session that has ended.
    sessions: Cache<Uuid, Option<Session>>,
    identities: Cache<Identity, UserId>,
}

impl DynamoAccountStore {
    /// A store for the tables of `dynamo`.
    #[must_use]
    pub fn new(dynamo: Dynamo) -> Self {
        Self {
            dynamo,
            users: recent(),
            sessions: recent(),
            identities: recent(),
        }
    }

    /// Starts a transaction with a new user and the claim on the e-mail address.
    fn insertion<'a>(
        &'a self,
        context: &'a WriteContext,
        user: &User,
        hash: &PasswordHash,
    ) -> Result<UnitOfWork<'a, UserRefusal>> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::User(Some(user.id)));
        let mut record = EmailRecord::of(user.id);
        record.password_hash = Some(hash.clone());
        record.tokens_valid_from = Some(user.tokens_valid_from);
        let email = encode(Item::new(
            keys::email(&user.email),
            EntityType::Email,
            record,
        ))?;
        change.insert(Table::Identity, email, UserRefusal::Email)?;
        change.put(
            Table::Identity,
            encode(Item::new(keys::user(user.id), EntityType::User, user))?,
        )?;
        Ok(change)
    }
}

/// The meaning of a failed insertion.
enum UserRefusal {
    Email,
    Founder,
}

#[async_trait]
impl AccountStore for DynamoAccountStore {
    async fn has_founder(&self) -> Result<bool> {
        let key = keys::founder();
        let item = self
            .dynamo
            .get_attributes(Table::Identity, key, Consistency::Strong)
            .await?;
        Ok(item.is_some())
    }

    async fn insert_founder(
        &self,
        context: &WriteContext,
        user: &User,
        hash: &PasswordHash,
    ) -> Result<bool> {
        let mut change = self.insertion(context, user, hash)?;
        let founder = encode(Item::new(keys::founder(), EntityType::Founder, ()))?;
        change.insert(Table::Identity, founder, UserRefusal::Founder)?;
        Ok(change.commit().await?.is_committed())
    }

    async fn insert_user(
        &self,
        context: &WriteContext,
        user: &User,
        hash: &PasswordHash,
    ) -> Result<()> {
        match self.insertion(context, user, hash)?.commit().await? {
            TransactionOutcome::Committed => Ok(()),
            TransactionOutcome::Refused(_) => Err(Error::Taken {
                unique: Unique::Email,
                holder: None,
            }),
        }
    }

    async fn find_user(&self, id: UserId) -> Result<Option<User>> {
        if let Some(user) = self.users.get(&id).await {
            return Ok(Some(user));
        }
        let found =
            self.dynamo
                .find::<User>(Table::Identity, keys::user(id), Consistency::Eventual);
        let Some(user) = found.await? else {
            return Ok(None);
        };
        self.users.insert(id, user.clone()).await;
        Ok(Some(user))
    }

    async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        let found = self
            .dynamo
            .find(Table::Identity, keys::email(email), Consistency::Strong);
        let record: Option<EmailRecord> = found.await?;
        Ok(record.and_then(EmailRecord::credentials))
    }

    async fn replace_password(
        &self,
        context: &WriteContext,
        email: &Email,
        user: UserId,
        hash: &PasswordHash,
        valid_from: Timestamp,
    ) -> Result<()> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::User(Some(user)));
        let owned = Condition::new(
            "user_id = :user",
            [
                (":user", AttributeValue::S(user.to_string())),
                (":hash", AttributeValue::S(hash.0.clone())),
                (":from", AttributeValue::S(valid_from.to_string())),
            ],
        );
        change.update_if(
            Table::Identity,
            keys::email(email),
            "SET password_hash = :hash, tokens_valid_from = :from",
            owned,
            (),
        )?;
        let present = Condition::new(
            "attribute_exists(pk)",
            [(":from", AttributeValue::S(valid_from.to_string()))],
        );
        change.update_if(
            Table::Identity,
            keys::user(user),
            "SET tokens_valid_from = :from",
            present,
            (),
        )?;
        let outcome = change.commit().await?;
        self.users.invalidate(&user).await;
        match outcome {
            TransactionOutcome::Committed => Ok(()),
            TransactionOutcome::Refused(_) => Err(Error::NotFound(Resource::User)),
        }
    }
}
