//! Lists in several languages contain each work once: a post is omitted if a translation of it is listed in
//! an earlier language.

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    freshness::Freshness,
    posts::{Post, PublicSummary},
    values::{Locale, PostId, Timestamp},
};

use crate::{
    dynamo::Consistency,
    keys::{self, ItemKey, Table},
    posts::{DynamoPostStore, HolderRecord, find_posts},
};

/// Position of a language in the order of preference; the last for others.
fn rank(locale: &Locale, locales: &[Locale]) -> usize {
    let position = locales.iter().position(|known| known == locale);
    position.unwrap_or(locales.len())
}

/// The source of a group of translations.
fn work(row: &PublicSummary) -> PostId {
    row.translation_of.unwrap_or(row.id)
}

impl DynamoPostStore {
    /// Removes the posts of which a translation is listed in an earlier language.
    pub(super) async fn prefer(
        &self,
        rows: Vec<PublicSummary>,
        locales: &[Locale],
        now: Timestamp,
    ) -> Result<Vec<PublicSummary>> {
        let better = self.candidates(&rows, locales, now).await?;
        let is_preferred = |row: &PublicSummary| {
            let rank = |locale| rank(locale, locales);
            !better.iter().any(|(of, post)| {
                let listed = post.state.status.listed();
                let earlier = listed
                    .is_some_and(|live| rank(&live.address.locale) < rank(&row.address.locale));
                *of == work(row) && post.state.id != row.id && earlier
            })
        };
        Ok(rows.into_iter().filter(is_preferred).collect())
    }

    /// Finds the posts of the groups of `rows` that can be in an earlier language, each with its source.
    async fn candidates(
        &self,
        rows: &[PublicSummary],
        locales: &[Locale],
        now: Timestamp,
    ) -> Result<Vec<(PostId, Post)>> {
        let (mut claims, mut ids) = (BTreeSet::<ItemKey>::new(), BTreeSet::new());
        for row in rows {
            let earlier = &locales[..rank(&row.address.locale, locales)];
            let of = work(row);
            claims.extend(earlier.iter().map(|locale| keys::translation(of, locale)));
            ids.extend(row.translation_of.filter(|_| !earlier.is_empty()));
        }
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let claims = claims.into_iter().collect();
        let read = self
            .dynamo
            .find_many(Table::Posts, claims, Consistency::Eventual);
        let holders: Vec<HolderRecord> = read.await?;
        ids.extend(holders.iter().map(|holder| holder.post_id));
        let ids: Vec<_> = ids.into_iter().collect();
        let posts = find_posts(&self.dynamo, &ids, Freshness::Recent, now).await?;
        let with_source = |post: Post| {
            let translation = post.content.translation;
            (translation.map_or(post.state.id, |own| own.of), post)
        };
        Ok(posts.into_iter().map(with_source).collect())
    }
}
