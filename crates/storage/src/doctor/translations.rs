//! Counters of translations. The check of each post covers the claims on languages.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::{Result, freshness::Freshness, posts::Post, values::PostId};

use super::{Check, Doctor, DoctorFinding, DoctorRule, counts::posts_of, finding::Fix, strays};
use crate::{
    counters::Counter,
    dynamo::Consistency,
    keys::{self, AuditSubject, Table},
    posts::find_posts,
    unit_of_work::UnitOfWork,
};

impl Check<'_> {
    /// Finds wrong counters of translations.
    pub(super) async fn translations(
        &self,
        translated: &BTreeMap<PostId, BTreeSet<PostId>>,
    ) -> Result<BTreeSet<DoctorFinding>> {
        let mut found = BTreeSet::new();
        for (of, known) in translated {
            let surplus = self.surplus_translations(*of, known).await?;
            if surplus != 0 {
                let detail = format!("counts {surplus:+} posts compared with its translations");
                let fix = Fix::CountTranslations(*of, known.clone());
                let key = keys::translation_count(*of);
                found.insert(DoctorFinding::new(
                    DoctorRule::Translations,
                    key,
                    detail,
                    fix,
                ));
            }
        }
        Ok(found)
    }

    /// The difference between the counter and the translations: the holders of a language and `known`.
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
        let translations = posts.iter().filter(|post| translates(post)).count();
        let read = self
            .dynamo
            .get_attributes(Table::Posts, counter, Consistency::Strong);
        let stored = read.await?.as_ref().map_or(0, posts_of);
        Ok(stored - i64::try_from(translations).unwrap_or(i64::MAX))
    }
}

impl Doctor {
    /// Corrects the counter of translations of a post.
    pub(super) async fn count_translations(
        &self,
        of: PostId,
        known: &BTreeSet<PostId>,
    ) -> Result<bool> {
        let surplus = self.check().surplus_translations(of, known).await?;
        if surplus == 0 {
            return Ok(true);
        }
        let context = self.context();
        let mut change = UnitOfWork::<()>::new(&self.dynamo, &context, AuditSubject::Post(of));
        change.count(Counter::translations(of), -surplus)?;
        Ok(change.commit().await?.is_committed())
    }
}
