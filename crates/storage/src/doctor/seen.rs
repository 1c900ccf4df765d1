//! What of the table of posts can be compared only when all of it was seen.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use tintero_domain::{
    posts::Translation,
    values::{PostId, RedirectId},
};

use super::redirects::Pair;
use crate::{
    item::{Attributes, EntityType, decode, entity, key_of},
    keys,
};

/// What was seen of it so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The tags that have lists, in lower case.
    pub(super) tags: BTreeSet<String>,
    /// The redirects that hold a path.
    pub(super) redirects: BTreeSet<Pair>,
    /// What has translations, or counts some, with the posts that say that they translate it.
    pub(super) translated: BTreeMap<PostId, BTreeSet<PostId>>,
}

#[derive(Deserialize)]
struct Translating {
    #[serde(default)]
    translates: Option<Translation>,
}

#[derive(Deserialize)]
struct Identified {
    id: RedirectId,
}

impl Seen {
    /// Takes note of an item. What cannot be read is told elsewhere.
    pub(super) fn note(&mut self, item: &Attributes) {
        let Some(key) = key_of(item) else { return };
        self.tags.extend(keys::tag_of(&key.pk));
        match entity(item) {
            Some(EntityType::Redirect) => {
                let redirect = decode::<Identified>(item.clone());
                let id = redirect.map(|redirect| redirect.id);
                self.redirects
                    .extend(id.map(|id| Pair { id, claim: key }).ok());
            }
            Some(EntityType::Post) => {
                let post = decode::<Translating>(item.clone()).ok();
                let of = post.and_then(|post| post.translates);
                if let (Some(of), Some(id)) = (of, keys::owning_post(&key.pk)) {
                    self.translated.entry(of.of).or_default().insert(id);
                }
            }
            Some(EntityType::Translation | EntityType::TranslationCount) => {
                if let Some(of) = keys::translated(&key.pk) {
                    self.translated.entry(of).or_default();
                }
            }
            _ => {}
        }
    }
}
