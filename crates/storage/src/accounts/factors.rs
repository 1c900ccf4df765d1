//! Second factors, with the password of their user; sign-ins that need a code, and enrolments.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    accounts::{
        FactorConfirmation, FactorEnrolment, FactorRemoval, FactorStore, PasswordProof,
        SignInChallenge,
    },
    values::{Email, UserId},
    writes::{WriteContext, WriteOutcome},
};
use uuid::Uuid;

use super::{
    DynamoAccountStore,
    factor_records::{ChallengeRecord, EnrolmentRecord},
    proofs::{require_password, text},
    users::is_active,
};
use crate::{
    dynamo::Consistency,
    item::{EntityType, Item, encode},
    keys::{self, AuditSubject, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// Counts the write of a user, so that a concurrent change of the whole item fails.
const NEXT_VERSION: &str = "ADD version :one";

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The values of [`NEXT_VERSION`], and the time of the change.
fn next_version(context: &WriteContext) -> [(&'static str, AttributeValue); 2] {
    [(":one", number(1)), (":at", text(&context.at))]
}

impl DynamoAccountStore {
    fn of_account<'a>(&'a self, context: &'a WriteContext, user: UserId) -> UnitOfWork<'a, ()> {
        UnitOfWork::new(&self.dynamo, context, AuditSubject::User(Some(user)))
    }
}

#[async_trait]
impl FactorStore for DynamoAccountStore {
    async fn insert_challenge(
        &self,
        context: &WriteContext,
        challenge: &SignInChallenge,
        proof: &PasswordProof<'_>,
    ) -> Result<bool> {
        let mut change = self.of_account(context, challenge.user_id);
        let unchanged = Condition::new(
            "password_hash = :verified",
            [(":verified", text(&proof.verified.0))],
        );
        require_password(&mut change, proof, unchanged)?;
        let user = keys::user(challenge.user_id);
        change.require_if(Table::Identity, user, is_active(), ())?;
        let key = keys::sign_in_challenge(challenge.id);
        let record = ChallengeRecord::from(challenge);
        let item = Item::new(key, EntityType::SignInChallenge, record);
        change.put(Table::Tokens, encode(item)?)?;
        Ok(change.commit().await?.is_committed())
    }

    async fn find_challenge(&self, id: Uuid) -> Result<Option<SignInChallenge>> {
        let key = keys::sign_in_challenge(id);
        let found = self
            .dynamo
            .find::<ChallengeRecord>(Table::Tokens, key, Consistency::Strong);
        Ok(found.await?.map(|record| record.into_challenge(id)))
    }

    async fn put_enrolment(
        &self,
        context: &WriteContext,
        enrolment: &FactorEnrolment,
    ) -> Result<()> {
        let mut change = self.of_account(context, enrolment.user_id);
        let key = keys::factor_enrolment(enrolment.user_id);
        let record = EnrolmentRecord::from(enrolment);
        let item = Item::new(key, EntityType::FactorEnrolment, record);
        change.put(Table::Tokens, encode(item)?)?;
        // Without conditions, the transaction cannot be refused.
        change.commit().await.map(drop)
    }

    async fn find_enrolment(&self, user: UserId) -> Result<Option<FactorEnrolment>> {
        let key = keys::factor_enrolment(user);
        let found = self
            .dynamo
            .find::<EnrolmentRecord>(Table::Tokens, key, Consistency::Strong);
        Ok(found.await?.map(|record| record.into_enrolment(user)))
    }

    async fn confirm_enrolment(
        &self,
        context: &WriteContext,
        confirmation: &FactorConfirmation<'_>,
    ) -> Result<WriteOutcome> {
        let FactorConfirmation {
            email,
            user_id,
            sealed,
            step,
            recovery_digests,
            at,
        } = confirmation;
        let mut change = self.of_account(context, *user_id);
        let confirmed = Condition::new("sealed = :sealed", [(":sealed", text(sealed))]);
        let enrolment = keys::factor_enrolment(*user_id);
        change.remove_if(Table::Tokens, enrolment, confirmed, ())?;
        let without = Condition::new(
            "user_id = :user AND attribute_not_exists(factor_secret)",
            [
                (":user", text(user_id)),
                (":sealed", text(sealed)),
                (":step", number(*step)),
                (":codes", AttributeValue::Ss(recovery_digests.to_vec())),
            ],
        );
        change.update_if(
            Table::Identity,
            keys::email(email),
            "SET factor_secret = :sealed, factor_step = :step, recovery_codes = :codes",
            without,
            (),
        )?;
        let values = next_version(context);
        change.update_if(
            Table::Identity,
            keys::user(*user_id),
            &format!("SET second_factor_since = :since, updated_at = :at {NEXT_VERSION}"),
            is_active().with(values).with([(":since", text(at))]),
            (),
        )?;
        let outcome = change.commit_or_conflict().await;
        self.users.invalidate(user_id).await;
        outcome
    }

    async fn replace_recovery_codes(
        &self,
        context: &WriteContext,
        email: &Email,
        user: UserId,
        digests: &[String],
    ) -> Result<WriteOutcome> {
        let mut change = self.of_account(context, user);
        let enrolled = Condition::new(
            "user_id = :user AND attribute_exists(factor_secret)",
            [
                (":user", text(&user)),
                (":codes", AttributeValue::Ss(digests.to_vec())),
            ],
        );
        let set = "SET recovery_codes = :codes";
        change.update_if(Table::Identity, keys::email(email), set, enrolled, ())?;
        change.commit_or_conflict().await
    }

    async fn remove_factor(
        &self,
        context: &WriteContext,
        removal: &FactorRemoval<'_>,
    ) -> Result<WriteOutcome> {
        let FactorRemoval {
            email,
            user_id,
            revoked_before,
        } = removal;
        let mut change = self.of_account(context, *user_id);
        let enrolled = Condition::new(
            "user_id = :user AND attribute_exists(factor_secret)",
            [(":user", text(user_id))],
        );
        let from = revoked_before.map(|from| (":from", text(&from)));
        let remove = "REMOVE factor_secret, factor_step, recovery_codes";
        let (revoke, separator) = match from {
            Some(_) => (
                "SET tokens_valid_from = :from ",
                ", tokens_valid_from = :from",
            ),
            None => ("", ""),
        };
        change.update_if(
            Table::Identity,
            keys::email(email),
            &format!("{revoke}{remove}"),
            enrolled.with(from.clone()),
            (),
        )?;
        let present = Condition::PRESENT.with(next_version(context)).with(from);
        change.update_if(
            Table::Identity,
            keys::user(*user_id),
            &format!("SET updated_at = :at{separator} REMOVE second_factor_since {NEXT_VERSION}"),
            present,
            (),
        )?;
        let outcome = change.commit_or_conflict().await;
        self.users.invalidate(user_id).await;
        outcome
    }
}
