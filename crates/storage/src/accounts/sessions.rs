//! Sessions: one item each, and one entry each in the list of the user.

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    accounts::{
        Identity, PasswordChange, PasswordProof, Rotation, RotationOutcome, Session, SessionEnd,
        SessionStore,
    },
    error::Resource,
    values::{Email, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};
use uuid::Uuid;

use super::{
    DynamoAccountStore,
    identities::require_linked,
    proofs::{require_proof, text},
    records::{SessionRecord, SessionRow},
    rotation::use_of,
    users::{is_active, is_active_without_factor},
};
use crate::{
    dynamo::{Consistency, KeyRange, RangeQuery},
    item::{EntityType, Item, decode, encode},
    keys::{self, AuditSubject, Table},
    unit_of_work::{Condition, TransactionOutcome, UnitOfWork},
};

impl DynamoAccountStore {
    /// Reads a session consistently. DynamoDB deletes expired sessions with a delay.
    pub(super) async fn current_session(
        &self,
        family: Uuid,
        now: Timestamp,
    ) -> Result<Option<SessionRecord>> {
        let key = keys::session(family);
        let session: Option<SessionRecord> = self
            .dynamo
            .find(Table::Tokens, key, Consistency::Strong)
            .await?;
        Ok(session.filter(|session| session.expiry() > now))
    }

    pub(super) fn of_user<'a, R>(
        &'a self,
        context: &'a WriteContext,
        user: UserId,
    ) -> UnitOfWork<'a, R> {
        UnitOfWork::new(&self.dynamo, context, AuditSubject::User(Some(user)))
    }
}

/// Adds a new session with its entry in the list.
fn insert<R>(change: &mut UnitOfWork<'_, R>, session: &Session) -> Result<()> {
    let record = SessionRecord::from(session);
    let item = Item::new(keys::session(session.family), EntityType::Session, record);
    change.put(Table::Tokens, encode(item)?)?;
    let row = SessionRow {
        expires_at: session.ends_at.as_seconds(),
    };
    let key = keys::session_row(session.user_id, session.family);
    change.put(
        Table::Tokens,
        encode(Item::new(key, EntityType::SessionRow, row))?,
    )
}

#[async_trait]
impl SessionStore for DynamoAccountStore {
    async fn change_password(
        &self,
        context: &WriteContext,
        change: &PasswordChange<'_>,
    ) -> Result<WriteOutcome> {
        let user = change.session.user_id;
        let mut unit = self.of_user(context, user);
        let unchanged = match change.factor {
            Some(_) => "password_hash = :verified AND factor_secret = :sealed",
            None => "password_hash = :verified AND attribute_not_exists(factor_secret)",
        };
        let verified = Condition::new(
            unchanged,
            [
                (":verified", text(&change.verified.0)),
                (":hash", text(&change.hash.0)),
                (":from", text(&change.session.created_at)),
            ],
        )
        .with(change.factor.map(|sealed| (":sealed", text(sealed))));
        unit.update_if(
            Table::Identity,
            keys::email(change.email),
            "SET password_hash = :hash, tokens_valid_from = :from",
            verified,
            (),
        )?;
        let from = [(":from", text(&change.session.created_at))];
        unit.update_if(
            Table::Identity,
            keys::user(user),
            "SET tokens_valid_from = :from",
            is_active().with(from),
            (),
        )?;
        insert(&mut unit, change.session)?;
        let outcome = unit.commit_or_conflict().await?;
        self.users.invalidate(&user).await;
        Ok(outcome)
    }

    async fn open_session(
        &self,
        context: &WriteContext,
        session: &Session,
        proof: &PasswordProof<'_>,
    ) -> Result<bool> {
        let mut change = self.of_user(context, session.user_id);
        require_proof(&mut change, proof)?;
        let user = keys::user(session.user_id);
        change.require_if(Table::Identity, user, is_active(), ())?;
        insert(&mut change, session)?;
        Ok(change.commit().await?.is_committed())
    }

    async fn open_linked(
        &self,
        context: &WriteContext,
        session: &Session,
        identity: &Identity,
    ) -> Result<bool> {
        let mut change = self.of_user(context, session.user_id);
        let condition = match session.issuer_proof.two_factors_at {
            Some(_) => is_active(),
            None => is_active_without_factor(),
        };
        require_linked(&mut change, session.user_id, identity, condition)?;
        insert(&mut change, session)?;
        Ok(change.commit().await?.is_committed())
    }

    async fn rotate_session(
        &self,
        context: &WriteContext,
        rotation: &Rotation<'_>,
    ) -> Result<RotationOutcome> {
        self.rotate(context, rotation).await
    }

    async fn find_session(&self, family: Uuid) -> Result<Option<Session>> {
        if let Some(session) = self.sessions.get(&family).await {
            return Ok(session);
        }
        let key = keys::session(family);
        let found = self
            .dynamo
            .find::<SessionRecord>(Table::Tokens, key, Consistency::Strong);
        let session = found.await?.map(|record| record.into_session(family));
        self.sessions.insert(family, session.clone()).await;
        Ok(session)
    }

    async fn record_use(&self, used: &Session, previous: Timestamp) -> Result<()> {
        let (mut set, mut values) = use_of(
            used.used_at,
            used.expires_at,
            used.address,
            used.agent.as_deref(),
        );
        set.insert_str(0, "SET ");
        values.push((":previous", text(&previous)));
        let condition = "attribute_exists(pk) AND used_at <= :previous";
        let key = keys::session(used.family);
        let written = self
            .dynamo
            .update_if(Table::Tokens, key, (&set, condition), values);
        written.await?;
        // Not the written state: the session may have ended meanwhile.
        self.sessions.invalidate(&used.family).await;
        Ok(())
    }

    async fn list_sessions(&self, user: UserId, limit: usize) -> Result<Vec<Session>> {
        let (pk, all) = keys::session_rows(user);
        let query = RangeQuery::first(pk, KeyRange::Between(all), limit);
        let rows = self.dynamo.query(Table::Tokens, query).await?;
        let families = rows
            .into_iter()
            .filter_map(|row| decode::<Item<SessionRow>>(row).ok()?.sk.parse().ok());
        let keys: Vec<_> = families.map(keys::session).collect();
        let items = self
            .dynamo
            .get_many(Table::Tokens, keys, Consistency::Strong)
            .await?;
        let mut sessions = Vec::new();
        for item in items {
            let item: Item<SessionRecord> = decode(item)?;
            let Some(family) = keys::parse_session(&item.pk) else {
                continue;
            };
            sessions.push(item.body.into_session(family));
        }
        sessions.sort_by_key(|session| std::cmp::Reverse((session.created_at, session.family)));
        Ok(sessions)
    }

    async fn close_session(
        &self,
        context: &WriteContext,
        family: Uuid,
        end: &SessionEnd,
    ) -> Result<bool> {
        // The audit record needs the user.
        let Some(session) = self.current_session(family, context.at).await? else {
            return Ok(false);
        };
        let mut change = self.of_user(context, session.user_id);
        let condition = match end {
            SessionEnd::Presented(digest) => {
                Condition::new("secret_digest = :digest", [(":digest", text(digest))])
            }
            SessionEnd::Owned(user) => Condition::new("user_id = :user", [(":user", text(&user))]),
            SessionEnd::Reused => Condition::PRESENT,
        };
        // A closed session or a wrong token writes nothing, not even an audit record.
        change.remove_if(Table::Tokens, keys::session(family), condition, ())?;
        change.remove(Table::Tokens, keys::session_row(session.user_id, family))?;
        let is_closed = change.commit().await?.is_committed();
        if is_closed {
            // This server rejects the tokens of the session at once.
            self.sessions.insert(family, None).await;
        }
        Ok(is_closed)
    }

    async fn revoke_sessions(
        &self,
        context: &WriteContext,
        user: UserId,
        email: &Email,
    ) -> Result<()> {
        let mut change = self.of_user(context, user);
        let set = "SET tokens_valid_from = :from";
        let from = || [(":from", text(&context.at))];
        let owned = Condition::new("user_id = :user", [(":user", text(&user))]).with(from());
        change.update_if(Table::Identity, keys::email(email), set, owned, ())?;
        let present = Condition::PRESENT.with(from());
        change.update_if(Table::Identity, keys::user(user), set, present, ())?;
        let outcome = change.commit().await?;
        self.users.invalidate(&user).await;
        match outcome {
            TransactionOutcome::Committed => Ok(()),
            TransactionOutcome::Refused(_) => Err(Error::NotFound(Resource::User)),
        }
    }
}
