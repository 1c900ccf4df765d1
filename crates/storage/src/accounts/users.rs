//! Users: reads, lists by role, and writes that require the state they are based on.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, Result,
    access::Role,
    accounts::{Invitation, User, UserAcceptance, UserQuery, UserStore, UserUpdate},
    error::Unique,
    operations::Operation,
    page::{Page, PageRequest},
    values::{Email, Revision, Timestamp, UserId, UserStatus},
    writes::{WriteContext, WriteOutcome},
};

use super::{
    DynamoAccountStore,
    records::{EmailRecord, InvitationRecord},
};
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{EntityType, Item, decode, encode},
    keys::{self, AuditSubject, Table, indexes},
    operations::queue,
    paging::{ListPartition, ListQuery},
    unit_of_work::{Condition, UnitOfWork},
};

/// Stores users in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoUserStore {
    /// Shared, so that a change ends the use of a cached user on this server.
    accounts: DynamoAccountStore,
    cursors: CursorKeys,
}

type UserChange<'a> = UnitOfWork<'a, ()>;

impl DynamoUserStore {
    /// A store beside `accounts` that signs the cursors of its list with `cursors`.
    #[must_use]
    pub fn new(accounts: DynamoAccountStore, cursors: CursorKeys) -> Self {
        Self { accounts, cursors }
    }

    fn change<'a>(&'a self, context: &'a WriteContext, id: UserId) -> UserChange<'a> {
        let subject = AuditSubject::User(Some(id));
        UnitOfWork::new(&self.accounts.dynamo, context, subject)
    }

    /// Commits, and forgets the cached user.
    async fn commit(&self, change: UserChange<'_>, id: UserId) -> Result<WriteOutcome> {
        let outcome = change.commit_or_conflict().await;
        self.accounts.users.invalidate(&id).await;
        outcome
    }
}

/// Condition: the user can sign in. Users that were stored before this attribute existed can.
pub(super) fn is_active() -> Condition {
    let active = UserStatus::Active.as_str().to_owned();
    Condition::new(
        "attribute_exists(pk) AND (attribute_not_exists(user_status) OR user_status = :active)",
        [(":active", AttributeValue::S(active))],
    )
}

/// Condition: the user can sign in by one factor.
pub(super) fn is_active_without_factor() -> Condition {
    let active = UserStatus::Active.as_str().to_owned();
    Condition::new(
        "attribute_exists(pk) AND (attribute_not_exists(user_status) OR user_status = :active) AND attribute_not_exists(second_factor_since)",
        [(":active", AttributeValue::S(active))],
    )
}

/// Reads the user with an e-mail address consistently.
pub(super) async fn find_by_email(dynamo: &Dynamo, email: &Email) -> Result<Option<User>> {
    let claim = keys::email(email);
    let found = dynamo.find(Table::Identity, claim, Consistency::Strong);
    let Some(EmailRecord { user_id, .. }) = found.await? else {
        return Ok(None);
    };
    dynamo
        .find(Table::Identity, keys::user(user_id), Consistency::Strong)
        .await
}

/// Condition: neither an administrator nor a new password has changed the user.
fn as_found(user: &User) -> Condition {
    let version = AttributeValue::N(user.version.to_string());
    let from = AttributeValue::S(user.tokens_valid_from.to_string());
    Condition::new(
        "(version = :version OR attribute_not_exists(version)) AND tokens_valid_from = :from",
        [(":version", version), (":from", from)],
    )
}

fn write_user(change: &mut UserChange<'_>, before: &User, after: &User) -> Result<()> {
    change.audit(after.version, Revision(after.version.0));
    let item = Item::new(keys::user(after.id), EntityType::User, after);
    change.put_if(Table::Identity, encode(item)?, as_found(before), ())
}

/// Requires that the other administrator did not change since it was read.
fn require_remaining(change: &mut UserChange<'_>, remaining: Option<&User>) -> Result<()> {
    let Some(user) = remaining else {
        return Ok(());
    };
    let key = keys::user(user.id);
    change.require_if(Table::Identity, key, as_found(user), ())
}

fn write_invitation(change: &mut UserChange<'_>, invitation: &Invitation) -> Result<()> {
    let key = keys::invitation(invitation.user_id);
    let record = InvitationRecord::from(invitation);
    change.put(
        Table::Tokens,
        encode(Item::new(key, EntityType::Invitation, record))?,
    )
}

/// Condition: the claim on the e-mail address is that of the user.
fn claimed_by(user: &User) -> Condition {
    let id = AttributeValue::S(user.id.to_string());
    Condition::new("user_id = :user", [(":user", id)])
}

fn partition(role: Role) -> ListPartition {
    ListPartition {
        index: Some(indexes::BY_ROLE),
        pk: role.as_str().to_owned(),
    }
}

#[async_trait]
impl UserStore for DynamoUserStore {
    async fn list(
        &self,
        query: &UserQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<User>> {
        let roles = query.role.map_or(Role::ALL.to_vec(), |role| vec![role]);
        let partitions = roles.into_iter().map(partition).collect();
        let name = keys::query("users", &format!("{query:?}"));
        let list = ListQuery::of_partitions(Table::Identity, partitions, keys::end_of_users());
        let mut list = list.named(name);
        if query.status.is_some() {
            list = list.filtered();
        }
        let sort_key = |user: &User| keys::user_sort_key(user.id);
        let show = |user: User| {
            let matches = query.status.is_none_or(|status| status == user.status);
            Ok(matches.then_some(user))
        };
        let (dynamo, cursors) = (&self.accounts.dynamo, &self.cursors);
        list.page(dynamo, cursors, (now, page), sort_key, show)
            .await
    }

    async fn find(&self, id: UserId) -> Result<Option<User>> {
        let key = keys::user(id);
        self.accounts
            .dynamo
            .find(Table::Identity, key, Consistency::Strong)
            .await
    }

    async fn find_by_email(&self, email: &Email) -> Result<Option<User>> {
        find_by_email(&self.accounts.dynamo, email).await
    }

    async fn find_many(&self, ids: &BTreeSet<UserId>) -> Result<Vec<User>> {
        let keys = ids.iter().copied().map(keys::user).collect();
        self.accounts
            .dynamo
            .find_many(Table::Identity, keys, Consistency::Eventual)
            .await
    }

    async fn find_other_administrator(&self, id: UserId) -> Result<Option<User>> {
        let ListPartition { index, pk } = partition(Role::Administrator);
        let query = RangeQuery {
            index,
            pk,
            range: KeyRange::Below(keys::end_of_users()),
            limit: usize::MAX,
            consistency: Consistency::Eventual,
        };
        for item in self.accounts.dynamo.query(Table::Identity, query).await? {
            let user = decode::<Item<User>>(item)?.body;
            if user.id != id && user.is_active_administrator() {
                return Ok(Some(user));
            }
        }
        Ok(None)
    }

    async fn insert_invited(
        &self,
        context: &WriteContext,
        user: &User,
        invitation: &Invitation,
    ) -> Result<()> {
        let mut change = self.change(context, user.id);
        let record = EmailRecord::of(user.id);
        let claim = Item::new(keys::email(&user.email), EntityType::Email, record);
        change.insert(Table::Identity, encode(claim)?, ())?;
        let item = Item::new(keys::user(user.id), EntityType::User, user);
        change.put(Table::Identity, encode(item)?)?;
        write_invitation(&mut change, invitation)?;
        match change.commit_or_conflict().await? {
            WriteOutcome::Applied => Ok(()),
            WriteOutcome::Conflict => Err(Error::Taken {
                unique: Unique::Email,
                holder: None,
            }),
        }
    }

    async fn find_invitation(&self, id: UserId) -> Result<Option<Invitation>> {
        let key = keys::invitation(id);
        let found = self
            .accounts
            .dynamo
            .find(Table::Tokens, key, Consistency::Strong);
        let record: Option<InvitationRecord> = found.await?;
        Ok(record.map(Into::into))
    }

    async fn update(
        &self,
        context: &WriteContext,
        update: UserUpdate<'_>,
        invitation: Option<&Invitation>,
    ) -> Result<WriteOutcome> {
        let id = update.after.id;
        let mut change = self.change(context, id);
        write_user(&mut change, update.before, update.after)?;
        require_remaining(&mut change, update.remaining)?;
        if let Some(invitation) = invitation {
            write_invitation(&mut change, invitation)?;
        }
        self.commit(change, id).await
    }

    async fn accept(
        &self,
        context: &WriteContext,
        acceptance: &UserAcceptance<'_>,
    ) -> Result<WriteOutcome> {
        let UserAcceptance {
            before,
            after,
            digest,
            hash,
        } = acceptance;
        let mut change = self.change(context, after.id);
        write_user(&mut change, before, after)?;
        let digest = AttributeValue::S((*digest).to_owned());
        let presented = Condition::new("digest = :digest", [(":digest", digest)]);
        change.remove_if(Table::Tokens, keys::invitation(after.id), presented, ())?;
        let from = AttributeValue::S(after.tokens_valid_from.to_string());
        let claimed = claimed_by(after).with([
            (":hash", AttributeValue::S(hash.0.clone())),
            (":from", from),
        ]);
        change.update_if(
            Table::Identity,
            keys::email(&after.email),
            "SET password_hash = :hash, tokens_valid_from = :from",
            claimed,
            (),
        )?;
        self.commit(change, after.id).await
    }

    async fn begin_deletion(
        &self,
        context: &WriteContext,
        update: UserUpdate<'_>,
        into: &User,
        operation: &Operation,
    ) -> Result<WriteOutcome> {
        let UserUpdate {
            before,
            after,
            remaining,
        } = update;
        let mut change = self.change(context, after.id);
        write_user(&mut change, before, after)?;
        if before.status != UserStatus::Deleting {
            let claim = keys::email(&after.email);
            change.remove_if(Table::Identity, claim, claimed_by(after), ())?;
            change.remove(Table::Tokens, keys::invitation(after.id))?;
        }
        // One condition for each item: the receiver may be the remaining administrator.
        let remaining = remaining.filter(|user| user.id != into.id);
        require_remaining(&mut change, remaining)?;
        require_remaining(&mut change, Some(into))?;
        queue(&mut change, operation)?;
        self.commit(change, after.id).await
    }

    async fn remove(&self, context: &WriteContext, id: UserId) -> Result<()> {
        let mut change = self.change(context, id);
        let deleting = UserStatus::Deleting.as_str().to_owned();
        let condition = Condition::new(
            "user_status = :deleting",
            [(":deleting", AttributeValue::S(deleting))],
        );
        change.remove_if(Table::Identity, keys::user(id), condition, ())?;
        self.accounts.remove_identities(&mut change, id).await?;
        self.commit(change, id).await.map(drop)
    }
}
