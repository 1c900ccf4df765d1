//! Putting right what a finding is about, provided that it is still so.

use tintero_domain::{
    Error, Result,
    act::{Act, Action},
    freshness::Freshness,
    posts::Commit,
    values::PostId,
};

use super::{Doctor, Finding, finding::Cure};
use crate::{
    dynamo::Consistency,
    item::EntityType,
    keys::{self, Key, Subject, Table},
    posts::{as_found, copies, find_post, rewrite},
    unit_of_work::{Condition, Outcome, UnitOfWork},
};

impl Doctor {
    /// True when nothing of the finding is left.
    pub(super) async fn cure(&self, finding: &Finding) -> Result<bool> {
        match &finding.cure {
            Cure::None => Ok(false),
            Cure::Rewrite(id) => self.rewrite(*id).await,
            Cure::Remove(id) => self.remove(*id, &finding.place).await,
            Cure::Count => self.count(&finding.place).await,
            Cure::CountTranslations(of, known) => self.count_translations(*of, known).await,
            Cure::Redirect(pair) => self.mend_redirect(pair).await,
            Cure::Operation(id) => self.mend_operation(*id).await,
            Cure::Image(id) => self.mend_image(*id, &finding.place).await,
            Cure::Forget(id) => self.forget_image(*id, &finding.place).await,
            Cure::Mark(tag) => self.mark(tag).await,
        }
    }

    async fn rewrite(&self, id: PostId) -> Result<bool> {
        let now = self.clock.now();
        let Some(post) = find_post(&self.dynamo, id, Freshness::Now, now).await? else {
            return Ok(true);
        };
        // Without its copies the public side cannot be written; the rest of it can.
        let known = copies(&self.dynamo, &post).await.ok().flatten();
        let (act, shown) = (self.act(), known.as_deref().unwrap_or_default());
        match rewrite(&self.dynamo, &act, &post, shown).await {
            Ok(Commit::Done) => Ok(known.is_some()),
            Ok(Commit::Stale) | Err(Error::Taken { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes an item, provided that its post has not been written since it was examined.
    async fn remove(&self, id: PostId, place: &Key) -> Result<bool> {
        let (act, now) = (self.act(), self.clock.now());
        let mut change = UnitOfWork::new(&self.dynamo, &act, Subject::Post(id));
        let post = find_post(&self.dynamo, id, Freshness::Now, now).await?;
        let unchanged = post.map_or(Condition::ABSENT, |post| as_found(&post.standing));
        change.require_if(Table::Posts, keys::post(id), unchanged, ())?;
        change.remove(Table::Posts, place.clone())?;
        done(change).await
    }

    /// Counts anew: a row that was written again may have put it right already.
    async fn count(&self, counter: &Key) -> Result<bool> {
        let Some(surplus) = self.look().surplus(counter).await? else {
            return Ok(true);
        };
        let act = self.act();
        let mut change = UnitOfWork::<()>::new(&self.dynamo, &act, Subject::User(None));
        let entity = match keys::counted_category(&counter.sk) {
            Some(_) => EntityType::CategoryCount,
            None => EntityType::TagCount,
        };
        change.count(Table::Taxonomy, counter.clone(), entity, -surplus)?;
        done(change).await
    }

    /// Lets the counter of a tag say whether the tag went.
    async fn mark(&self, tag: &str) -> Result<bool> {
        let (act, left) = (self.act(), keys::retired_tag(tag));
        let mut change = UnitOfWork::new(&self.dynamo, &act, Subject::Tag(tag.to_owned()));
        let read = self
            .dynamo
            .get_attributes(Table::Taxonomy, left.clone(), Consistency::Strong);
        let went = read.await?.is_some();
        let (as_read, unmarked) = if went {
            (Condition::PRESENT, "attribute_not_exists(retired)")
        } else {
            (Condition::ABSENT, "attribute_exists(retired)")
        };
        change.require_if(Table::Taxonomy, left, as_read, ())?;
        let (counter, mark) = (keys::tag_count(tag), (EntityType::TagCount, went));
        let condition = Condition::new(unmarked, []);
        change.mark_if(Table::Taxonomy, counter, mark, condition, ())?;
        done(change).await
    }

    pub(super) fn act(&self) -> Act {
        Act {
            id: self.ids.next(),
            actor: None,
            key: None,
            action: Action::RepairItem,
            at: self.clock.now(),
            request_id: String::new(),
            idempotency: None,
            step: None,
        }
    }
}

/// Commits, and tells whether it was not refused.
pub(super) async fn done(change: UnitOfWork<'_, ()>) -> Result<bool> {
    match change.commit(None).await? {
        Outcome::Done => Ok(true),
        Outcome::KeyReused => Err(Error::KeyReused),
        Outcome::Refused(_) => Ok(false),
    }
}
