//! How many translations a post has, beside the posts that translate it. The claims on their
//! languages are looked at with each of them.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::{Result, freshness::Freshness, posts::Post, values::PostId};

use super::{Doctor, Finding, Look, Rule, counts::posts_of, finding::Cure, repair::done, strays};
use crate::{
    dynamo::Consistency,
    item::EntityType,
    keys::{self, Subject, Table},
    posts::find_posts,
    unit_of_work::UnitOfWork,
};

impl Look<'_> {
    /// Counters of translations that say something else than there are.
    pub(super) async fn translations(
        &self,
        translated: &BTreeMap<PostId, BTreeSet<PostId>>,
    ) -> Result<BTreeSet<Finding>> {
        let mut found = BTreeSet::new();
        for (of, known) in translated {
            let surplus = self.surplus_translations(*of, known).await?;
            if surplus != 0 {
                let detail = format!("counts {surplus:+} posts beside those that translate it");
                let cure = Cure::CountTranslations(*of, known.clone());
                let place = keys::translation_count(*of);
                found.insert(Finding::new(Rule::Translations, place, detail, cure));
            }
        }
        Ok(found)
    }

    /// What the counter says beyond the posts that translate one: those that hold a language and
    /// those that are known to.
    async fn surplus_translations(&self, of: PostId, known: &BTreeSet<PostId>) -> Result<i64> {
        let counter = keys::translation_count(of);
        let group = self.partition(Table::Posts, counter.pk.clone()).await?;
        let holders = group.iter().filter_map(strays::owner);
        let posts: BTreeSet<PostId> = holders.chain(known.iter().copied()).collect();
        let posts: Vec<_> = posts.into_iter().collect();
        let translates = |post: &Post| {
            let translation = post.content.translation;
            translation.is_some_and(|translation| translation.of == of)
        };
        let posts = find_posts(self.dynamo, &posts, Freshness::Now, self.now).await?;
        let there = posts.iter().filter(|post| translates(post)).count();
        let read = self
            .dynamo
            .get_attributes(Table::Posts, counter, Consistency::Strong);
        let said = read.await?.as_ref().map_or(0, posts_of);
        Ok(said - i64::try_from(there).unwrap_or(i64::MAX))
    }
}

impl Doctor {
    /// Counts anew.
    pub(super) async fn count_translations(
        &self,
        of: PostId,
        known: &BTreeSet<PostId>,
    ) -> Result<bool> {
        let surplus = self.look().surplus_translations(of, known).await?;
        if surplus == 0 {
            return Ok(true);
        }
        let act = self.act();
        let mut change = UnitOfWork::<()>::new(&self.dynamo, &act, Subject::Post(of));
        let (counter, entity) = (keys::translation_count(of), EntityType::TranslationCount);
        change.count(Table::Posts, counter, entity, -surplus)?;
        done(change).await
    }
}
