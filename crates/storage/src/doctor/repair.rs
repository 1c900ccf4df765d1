//! Repairs findings that are still valid.

use tintero_domain::{
    Error, Result,
    audit_action::AuditAction,
    freshness::Freshness,
    values::PostId,
    writes::{WriteContext, WriteOutcome},
};

use super::{Doctor, DoctorFinding, finding::Fix};
use crate::{
    counters::Counter,
    dynamo::Consistency,
    keys::{self, AuditSubject, ItemKey, Table},
    posts::{as_found, find_post, release_reserved_names, rewrite},
    unit_of_work::{Condition, UnitOfWork},
};

impl Doctor {
    /// Returns whether the finding is repaired.
    pub(super) async fn fix(&self, finding: &DoctorFinding) -> Result<bool> {
        match &finding.fix {
            Fix::None => Ok(false),
            Fix::Rewrite(id) => self.rewrite(*id).await,
            Fix::ReleaseNames(id) => self.release_names(*id).await,
            Fix::Remove(id) => self.remove(*id, &finding.key).await,
            Fix::Count => self.count(&finding.key).await,
            Fix::CountTranslations(of, known) => self.count_translations(*of, known).await,
            Fix::Redirect(pair) => self.repair_redirect(pair).await,
            Fix::Operation(id) => self.repair_operation(*id).await,
            Fix::Image(id) => self.repair_image(*id, &finding.key).await,
            Fix::Forget(id) => self.forget_image(*id, &finding.key).await,
            Fix::Mark(tag) => self.mark(tag).await,
        }
    }

    async fn rewrite(&self, id: PostId) -> Result<bool> {
        let now = self.clock.now();
        let Some(post) = find_post(&self.dynamo, id, Freshness::Now, now).await? else {
            return Ok(true);
        };
        // Without its live copies, only the other items can be written.
        let known = self.check().copies(&post).await?;
        let (context, shown) = (self.context(), known.as_deref().unwrap_or_default());
        match rewrite(&self.dynamo, &context, &post, shown).await {
            Ok(WriteOutcome::Applied) => Ok(known.is_some()),
            Ok(WriteOutcome::Conflict) | Err(Error::Taken { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Releases the names that an earlier version reserved for a post.
    async fn release_names(&self, id: PostId) -> Result<bool> {
        let now = self.clock.now();
        let Some(post) = find_post(&self.dynamo, id, Freshness::Now, now).await? else {
            return Ok(true);
        };
        if !post.state.reserves_names {
            return Ok(true);
        }
        let context = self.context();
        let outcome = release_reserved_names(&self.dynamo, &context, &post).await?;
        Ok(outcome == WriteOutcome::Applied)
    }

    /// Deletes an item if its post has not changed since the check.
    async fn remove(&self, id: PostId, key: &ItemKey) -> Result<bool> {
        let (context, now) = (self.context(), self.clock.now());
        let mut change = UnitOfWork::new(&self.dynamo, &context, AuditSubject::Post(id));
        let post = find_post(&self.dynamo, id, Freshness::Now, now).await?;
        let unchanged = post.map_or(Condition::ABSENT, |post| as_found(&post.state));
        change.require_if(Table::Posts, keys::post(id), unchanged, ())?;
        change.remove(Table::Posts, key.clone())?;
        Ok(change.commit().await?.is_committed())
    }

    /// Recounts. An earlier repair of a row may have corrected the counter.
    async fn count(&self, counter: &ItemKey) -> Result<bool> {
        let Some(surplus) = self.check().surplus(counter).await? else {
            return Ok(true);
        };
        let context = self.context();
        let mut change = UnitOfWork::<()>::new(&self.dynamo, &context, AuditSubject::User(None));
        change.count(Counter::taxonomy(counter.clone()), -surplus)?;
        Ok(change.commit().await?.is_committed())
    }

    /// Corrects the mark on the counter of a tag.
    async fn mark(&self, tag: &str) -> Result<bool> {
        let (context, left) = (self.context(), keys::tag_tombstone(tag));
        let mut change = UnitOfWork::new(&self.dynamo, &context, AuditSubject::Tag(tag.to_owned()));
        let read = self
            .dynamo
            .get_attributes(Table::Taxonomy, left.clone(), Consistency::Strong);
        let retired = read.await?.is_some();
        let (as_read, unmarked) = if retired {
            (Condition::PRESENT, "attribute_not_exists(retired)")
        } else {
            (Condition::ABSENT, "attribute_exists(retired)")
        };
        change.require_if(Table::Taxonomy, left, as_read, ())?;
        let condition = Condition::new(unmarked, []);
        change.mark_if(Counter::tag(tag), retired, condition, ())?;
        Ok(change.commit().await?.is_committed())
    }

    pub(super) fn context(&self) -> WriteContext {
        WriteContext {
            id: self.ids.next(),
            actor: None,
            key: None,
            action: AuditAction::RepairItem,
            at: self.clock.now(),
            request_id: String::new(),
            idempotency: None,
            step: None,
        }
    }
}
