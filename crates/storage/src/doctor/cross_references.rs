//! References in the table of posts that can be compared only after the whole scan.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use tintero_domain::{
    posts::Translation,
    values::{PostId, RedirectId},
};

use super::finding::RedirectPair;
use crate::{
    item::{Attributes, EntityType, decode, entity, key_of},
    keys,
};

/// References of the scanned items.
#[derive(Debug, Default)]
pub(super) struct CrossReferences {
    /// Tags with lists, in lower case.
    pub(super) tags: BTreeSet<String>,
    /// Redirects that hold a path.
    pub(super) redirects: BTreeSet<RedirectPair>,
    /// Posts with translations or a counter of translations, and the posts that refer to them as translations.
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

impl CrossReferences {
    /// Adds an item. Other checks report items that cannot be decoded.
    pub(super) fn note(&mut self, item: &Attributes) {
        let Some(key) = key_of(item) else { return };
        self.tags.extend(keys::tag_of(&key.pk));
        match entity(item) {
            Some(EntityType::Redirect) => {
                let redirect = decode::<Identified>(item.clone());
                let id = redirect.map(|redirect| redirect.id);
                self.redirects
                    .extend(id.map(|id| RedirectPair { id, claim: key }).ok());
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
