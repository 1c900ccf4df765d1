//! Accounts in DynamoDB: users with their claims on e-mail addresses, and sessions.

mod records;

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use tintero_domain::{
    Error, Result,
    accounts::{AccountStore, Credentials, PasswordHash, Rotated, Rotation, Session, User},
    act::Act,
    error::Unique,
    values::{Email, Timestamp, UserId},
};
use uuid::Uuid;

use self::records::SessionRecord;
use crate::{
    dynamo::{Consistency, Dynamo},
    item::{EntityType, Item, encode},
    keys::{self, Subject, Table},
    unit_of_work::{Condition, Outcome, UnitOfWork},
};

/// How long a change of a user may go unnoticed by a server that knew the user before.
const USER_CACHE: Duration = Duration::from_secs(5);

/// Users that a server remembers at most.
const USER_CACHE_SIZE: u64 = 10_000;

/// Keeps accounts in DynamoDB.
#[derive(Debug, Clone)]
pub struct Accounts {
    dynamo: Dynamo,
    users: Cache<UserId, User>,
}

impl Accounts {
    /// The store over an installation's tables.
    #[must_use]
    pub fn new(dynamo: Dynamo) -> Self {
        let users = Cache::builder()
            .max_capacity(USER_CACHE_SIZE)
            .time_to_live(USER_CACHE)
            .build();
        Self { dynamo, users }
    }

    /// The user, their claim on the e-mail address and whatever else the caller adds.
    fn insertion<'a>(
        &'a self,
        act: &'a Act,
        user: &User,
        hash: &PasswordHash,
    ) -> Result<UnitOfWork<'a, Taken>> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::User(Some(user.id)));
        let credentials = Credentials {
            user_id: user.id,
            password_hash: hash.clone(),
        };
        let email = encode(Item::new(
            keys::email(&user.email),
            EntityType::Email,
            credentials,
        ))?;
        change.insert(Table::Identity, email, Taken::Email)?;
        change.put(
            Table::Identity,
            encode(Item::new(keys::user(user.id), EntityType::User, user))?,
        )?;
        Ok(change)
    }

    async fn find_session(&self, family: Uuid, now: Timestamp) -> Result<Option<SessionRecord>> {
        let key = keys::session(family);
        let item: Option<Item<SessionRecord>> = self
            .dynamo
            .get(Table::Tokens, key, Consistency::Strong)
            .await?;
        // Sessions past their time are swept late.
        Ok(item
            .map(|item| item.body)
            .filter(|session| session.expires_at > now.as_seconds()))
    }
}

/// Why a session does not go on.
#[derive(PartialEq, Eq)]
enum Lapse {
    /// Another secret of it works.
    Used,
    /// A new password ended it.
    Ended,
}

/// What refused a new user.
enum Taken {
    Email,
    Founder,
}

#[async_trait]
impl AccountStore for Accounts {
    async fn has_founder(&self) -> Result<bool> {
        let key = keys::founder();
        let item = self
            .dynamo
            .get_attributes(Table::Identity, key, Consistency::Strong)
            .await?;
        Ok(item.is_some())
    }

    async fn insert_founder(&self, act: &Act, user: &User, hash: &PasswordHash) -> Result<bool> {
        let mut change = self.insertion(act, user, hash)?;
        let founder = encode(Item::new(keys::founder(), EntityType::Founder, ()))?;
        change.insert(Table::Identity, founder, Taken::Founder)?;
        Ok(matches!(change.commit(None).await?, Outcome::Done))
    }

    async fn insert_user(&self, act: &Act, user: &User, hash: &PasswordHash) -> Result<()> {
        match self.insertion(act, user, hash)?.commit(None).await? {
            Outcome::Done => Ok(()),
            Outcome::KeyReused | Outcome::Refused(_) => Err(Error::Taken {
                unique: Unique::Email,
                holder: None,
            }),
        }
    }

    async fn find_user(&self, id: UserId) -> Result<Option<User>> {
        if let Some(user) = self.users.get(&id).await {
            return Ok(Some(user));
        }
        let item: Option<Item<User>> = self
            .dynamo
            .get(Table::Identity, keys::user(id), Consistency::Eventual)
            .await?;
        let Some(Item { body: user, .. }) = item else {
            return Ok(None);
        };
        self.users.insert(id, user.clone()).await;
        Ok(Some(user))
    }

    async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        let item: Option<Item<Credentials>> = self
            .dynamo
            .get(Table::Identity, keys::email(email), Consistency::Strong)
            .await?;
        Ok(item.map(|item| item.body))
    }

    async fn replace_password(
        &self,
        act: &Act,
        email: &Email,
        user: UserId,
        hash: &PasswordHash,
        valid_from: Timestamp,
    ) -> Result<()> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::User(Some(user)));
        let owned = Condition::new(
            "user_id = :user",
            [
                (":user", AttributeValue::S(user.to_string())),
                (":hash", AttributeValue::S(hash.0.clone())),
            ],
        );
        change.update_if(
            Table::Identity,
            keys::email(email),
            "SET password_hash = :hash",
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
        let outcome = change.commit(None).await?;
        self.users.invalidate(&user).await;
        match outcome {
            Outcome::Done => Ok(()),
            Outcome::KeyReused | Outcome::Refused(_) => {
                Err(Error::NotFound(tintero_domain::error::Resource::User))
            }
        }
    }

    async fn open_session(
        &self,
        act: &Act,
        session: &Session,
        email: &Email,
        verified: &PasswordHash,
    ) -> Result<bool> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::User(Some(session.user_id)));
        let hash = AttributeValue::S(verified.0.clone());
        let unchanged = Condition::new("password_hash = :hash", [(":hash", hash)]);
        change.require_if(Table::Identity, keys::email(email), unchanged, ())?;
        let item = Item::new(
            keys::session(session.family),
            EntityType::Session,
            SessionRecord::from(session),
        );
        change.put(Table::Tokens, encode(item)?)?;
        Ok(matches!(change.commit(None).await?, Outcome::Done))
    }

    async fn rotate_session(&self, act: &Act, rotation: &Rotation<'_>) -> Result<Rotated> {
        let Some(session) = self.find_session(rotation.family, rotation.now).await? else {
            return Ok(Rotated::Unknown);
        };
        if session.secret_digest != rotation.presented {
            return Ok(Rotated::Reused);
        }
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::User(Some(session.user_id)));
        let unused = Condition::new(
            "secret_digest = :presented",
            [
                (
                    ":presented",
                    AttributeValue::S(rotation.presented.to_owned()),
                ),
                (":next", AttributeValue::S(rotation.next.to_owned())),
                (
                    ":until",
                    AttributeValue::N(rotation.expires_at.as_seconds().to_string()),
                ),
            ],
        );
        // A new password ends the sessions from before it, whatever this server remembers of the user.
        let began = AttributeValue::S(session.created_at.to_string());
        let valid = Condition::new("tokens_valid_from <= :began", [(":began", began)]);
        change.require_if(
            Table::Identity,
            keys::user(session.user_id),
            valid,
            Lapse::Ended,
        )?;
        let set = "SET secret_digest = :next, expires_at = :until";
        change.update_if(
            Table::Tokens,
            keys::session(rotation.family),
            set,
            unused,
            Lapse::Used,
        )?;
        match change.commit(None).await? {
            Outcome::Done => Ok(Rotated::Done {
                user_id: session.user_id,
            }),
            Outcome::Refused(refused)
                if refused.iter().any(|lapse| lapse.refusal == Lapse::Ended) =>
            {
                Ok(Rotated::Unknown)
            }
            Outcome::KeyReused | Outcome::Refused(_) => Ok(Rotated::Reused),
        }
    }

    async fn close_session(&self, act: &Act, family: Uuid, presented: Option<&str>) -> Result<()> {
        // Whose session it was is the point of the record.
        let Some(session) = self.find_session(family, act.at).await? else {
            return Ok(());
        };
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::User(Some(session.user_id)));
        let condition = match presented {
            Some(digest) => Condition::new(
                "secret_digest = :digest",
                [(":digest", AttributeValue::S(digest.to_owned()))],
            ),
            None => Condition::PRESENT,
        };
        // A session that is over, or another's, is left alone, and no record is written of it.
        change.remove_if(Table::Tokens, keys::session(family), condition, ())?;
        change.commit(None).await.map(drop)
    }
}
