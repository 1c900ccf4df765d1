//! Requested resets of passwords.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    accounts::{PasswordHash, PasswordReset, ResetAccount, ResetStore, User},
    values::{Email, UserId},
    writes::{WriteContext, WriteOutcome},
};
use uuid::Uuid;

use super::{
    DynamoAccountStore,
    records::{EmailRecord, ResetRecord},
};
use crate::{
    dynamo::Consistency,
    item::{EntityType, Item, encode},
    keys::{self, AuditSubject, Table},
    unit_of_work::{Condition, UnitOfWork},
};

#[async_trait]
impl ResetStore for DynamoAccountStore {
    async fn insert_reset(&self, context: &WriteContext, reset: &PasswordReset) -> Result<()> {
        let user = reset.account.as_ref().map(|account| account.user_id);
        let mut change = UnitOfWork::<()>::new(&self.dynamo, context, AuditSubject::User(user));
        let record = ResetRecord::from(reset);
        let item = Item::new(
            keys::password_reset(reset.id),
            EntityType::PasswordReset,
            record,
        );
        change.put(Table::Tokens, encode(item)?)?;
        // Without conditions, the transaction cannot be refused.
        change.commit().await.map(drop)
    }

    async fn find_holder_evenly(&self, email: &Email) -> Result<Option<User>> {
        let claim = keys::email(email);
        let found = self
            .dynamo
            .find(Table::Identity, claim, Consistency::Strong);
        let claim: Option<EmailRecord> = found.await?;
        // No user has this id.
        let id = claim.map_or(UserId::new(Uuid::nil()), |claim| claim.user_id);
        self.dynamo
            .find(Table::Identity, keys::user(id), Consistency::Strong)
            .await
    }

    async fn find_reset(&self, id: Uuid) -> Result<Option<PasswordReset>> {
        let key = keys::password_reset(id);
        let found = self
            .dynamo
            .find::<ResetRecord>(Table::Tokens, key, Consistency::Strong);
        Ok(found.await?.map(|record| record.into_reset(id)))
    }

    async fn apply_reset(
        &self,
        context: &WriteContext,
        id: Uuid,
        account: &ResetAccount,
        hash: &PasswordHash,
    ) -> Result<WriteOutcome> {
        let subject = AuditSubject::User(Some(account.user_id));
        let mut change = UnitOfWork::new(&self.dynamo, context, subject);
        let key = keys::password_reset(id);
        change.remove_if(Table::Tokens, key, Condition::PRESENT, ())?;
        let from = || (":from", AttributeValue::S(context.at.to_string()));
        let owned = Condition::new(
            "user_id = :user",
            [
                (":user", AttributeValue::S(account.user_id.to_string())),
                (":hash", AttributeValue::S(hash.0.clone())),
                from(),
            ],
        );
        change.update_if(
            Table::Identity,
            keys::email(&account.email),
            "SET password_hash = :hash, tokens_valid_from = :from",
            owned,
            (),
        )?;
        change.update_if(
            Table::Identity,
            keys::user(account.user_id),
            "SET tokens_valid_from = :from",
            Condition::PRESENT.with([from()]),
            (),
        )?;
        let outcome = change.commit_or_conflict().await?;
        self.users.invalidate(&account.user_id).await;
        Ok(outcome)
    }
}
