//! Checks the rules between items, and repairs findings where a repair loses no data.
//!
//! `posts` checks that every item derived from a post exists; `strays` checks that every other item
//! has a post that refers to it; `counts` recounts; `taxonomy` checks slugs, and `aliases` the
//! counters of merged and deleted tags. The doctor runs on a live database, so it checks every
//! finding twice before it reports it.

mod aliases;
mod counts;
mod cross_references;
mod expected_items;
mod expected_state;
mod files;
mod finding;
mod image_repair;
mod images;
mod operations;
mod posts;
mod redirects;
mod repair;
mod strays;
mod taxonomy;
mod translations;

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::Pin,
    sync::Arc,
};

use tintero_domain::{
    Result,
    clock::{Clock, Ids},
    images::ImageFileStore,
    values::{PostId, Timestamp},
};

pub use self::finding::{DoctorFinding, DoctorRule};
use self::{cross_references::CrossReferences, files::ReferencedFiles};
use crate::{
    dynamo::Dynamo,
    item::{Attributes, key_of},
    keys::{self, ItemKey, Table},
};

/// Checks the tables of an installation.
#[derive(Clone)]
pub struct Doctor {
    dynamo: Dynamo,
    files: Arc<dyn ImageFileStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// The result of a check of all tables.
#[derive(Debug, Default)]
pub struct Examination {
    /// Number of checked posts.
    pub posts: usize,
    /// Number of checked items.
    pub items: usize,
    /// The violations.
    pub findings: BTreeSet<DoctorFinding>,
}

/// The result of a repair.
#[derive(Debug, Default)]
pub struct RepairReport {
    /// Number of repaired findings.
    pub repaired: usize,
    /// Findings without a repair that loses no data.
    pub left: Vec<DoctorFinding>,
}

/// Checks items as of one moment.
struct Check<'a> {
    dynamo: &'a Dynamo,
    now: Timestamp,
}

type CheckFuture<'a> = Pin<Box<dyn Future<Output = Result<BTreeSet<DoctorFinding>>> + Send + 'a>>;

impl Doctor {
    /// A doctor for the tables of `dynamo` and the files of their images.
    #[must_use]
    pub fn new(
        dynamo: Dynamo,
        files: Arc<dyn ImageFileStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            dynamo,
            files,
            clock,
            ids,
        }
    }

    /// Checks every item and reports the number of checked items to `progress`.
    ///
    /// # Errors
    /// [`Unavailable`](tintero_domain::Error::Unavailable) if a request fails,
    /// [`Corrupt`](tintero_domain::Error::Corrupt) if an item cannot be decoded.
    pub async fn examine(&self, progress: impl Fn(usize)) -> Result<Examination> {
        let mut examination = Examination::default();
        let seen = self.posts(&mut examination, &progress).await?;
        let referenced = self.images(&mut examination, &progress).await?;
        let check = self.check();
        let mut found = BTreeSet::new();
        found.extend(check.counts(&seen.tags).await?);
        found.extend(check.slugs().await?);
        found.extend(check.aliases().await?);
        found.extend(twice(|| Box::pin(check.translations(&seen.translated))).await?);
        found.extend(twice(|| Box::pin(check.redirects(&seen.redirects))).await?);
        found.extend(twice(|| Box::pin(check.operations())).await?);
        found.extend(referenced.check(self.files.as_ref()).await?);
        examination.findings.extend(found);
        Ok(examination)
    }

    /// Checks the table of posts and collects the references to compare afterwards.
    async fn posts(
        &self,
        examination: &mut Examination,
        progress: impl Fn(usize),
    ) -> Result<CrossReferences> {
        let (mut start, mut seen) = (None, CrossReferences::default());
        loop {
            let (items, next) = self.dynamo.scan(Table::Posts, start).await?;
            examination.items += items.len();
            for item in &items {
                seen.note(item);
            }
            let check = self.check();
            let owned = by_post(items);
            for (id, keys) in owned {
                examination.posts += usize::from(keys.contains(&keys::post(id)));
                let found = check.post(id, keys).await?;
                examination.findings.extend(found);
            }
            progress(examination.items);
            start = next;
            if start.is_none() {
                return Ok(seen);
            }
        }
    }

    /// Checks the table of images and collects their files to check afterwards.
    async fn images(
        &self,
        examination: &mut Examination,
        progress: impl Fn(usize),
    ) -> Result<ReferencedFiles> {
        let (mut start, mut referenced) = (None, ReferencedFiles::default());
        loop {
            let (items, next) = self.dynamo.scan(Table::Images, start).await?;
            examination.items += items.len();
            let check = self.check();
            let found = twice(|| Box::pin(check.images(&items))).await?;
            examination.findings.extend(found);
            for item in &items {
                referenced.note(item)?;
            }
            progress(examination.items);
            start = next;
            if start.is_none() {
                return Ok(referenced);
            }
        }
    }

    fn check(&self) -> Check<'_> {
        Check {
            dynamo: &self.dynamo,
            now: self.clock.now(),
        }
    }

    /// Repairs findings.
    ///
    /// # Errors
    /// As [`examine`](Self::examine). Earlier repairs stay.
    pub async fn repair(&self, findings: BTreeSet<DoctorFinding>) -> Result<RepairReport> {
        let mut repair = RepairReport::default();
        for finding in findings {
            if self.fix(&finding).await? {
                repair.repaired += 1;
            } else {
                repair.left.push(finding);
            }
        }
        Ok(repair)
    }
}

/// Returns the findings of two checks. A write between two reads of one check is no finding.
async fn twice<'a>(look: impl Fn() -> CheckFuture<'a>) -> Result<BTreeSet<DoctorFinding>> {
    let found = look().await?;
    if found.is_empty() {
        return Ok(found);
    }
    Ok(&found & &look().await?)
}

/// The keys of items by owning post.
fn by_post(items: Vec<Attributes>) -> BTreeMap<PostId, BTreeSet<ItemKey>> {
    let mut owned: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for item in items {
        if let (Some(id), Some(key)) = (strays::owner(&item), key_of(&item)) {
            owned.entry(id).or_default().insert(key);
        }
    }
    owned
}
