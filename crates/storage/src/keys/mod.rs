//! Every key of every item. Nothing else in the product spells one.
//!
//! Each table has a partition key `pk` and a sort key `sk`, both strings. A component that can
//! hold the separator `#` stands last, so no two things share a key; numbers and times have a
//! fixed width, so keys sort as what they stand for.

mod accounts;
mod images;
mod lists;
mod names;
mod operations;
mod posts;
mod records;
mod references;

use sha2::{Digest as _, Sha256};

pub use self::{
    accounts::{api_key, api_keys, email, founder, session, user},
    images::{folded_image_path, image_digest, image_path, image_place, image_row, images},
    lists::{
        PublicPartition, Shelf, after_moment, end_of_list, indexes, moment, owner_state,
        read_moment, read_owner_state, redirect, redirect_place, redirects, state, tag_of,
        updated_shard,
    },
    names::{
        claim, name, old_path, source, translated, translation, translation_count, translations,
        waiting_post, waiting_posts,
    },
    operations::{
        end_of_operations, operation, operation_place, operations, read_operation, read_unfinished,
        unfinished_operation, unfinished_operations,
    },
    posts::{
        Pieces, all_of_post, autosave, owning_post, piece, piece_write, pieces, post, revision,
        revisions_up_to, text_and_post,
    },
    records::{Subject, audit, effect},
    references::{
        byline, byline_place, byline_slug, bylines, category, category_count, category_counts,
        category_slug, counted_category, counted_list, counted_tag, end_of_references, image,
        later_traces, read_trace, retired_tag, tag_count, tag_counts, tags_after, trace, traces,
        tree, tree_version,
    },
};

/// The tables, by what they keep. Their names carry the installation's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Posts, their texts and revisions, claims on addresses, public rows.
    Posts,
    /// Categories and tags.
    Taxonomy,
    /// Metadata of images.
    Images,
    /// Users, bylines, settings of the site.
    Identity,
    /// Sessions and other secrets, hashed.
    Tokens,
    /// What writes with an `Idempotency-Key` did.
    Idempotency,
    /// Who did what, when.
    Audit,
    /// Long operations.
    Operations,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 8] = [
        Self::Posts,
        Self::Taxonomy,
        Self::Images,
        Self::Identity,
        Self::Tokens,
        Self::Idempotency,
        Self::Audit,
        Self::Operations,
    ];

    /// The table's name without the prefix.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Taxonomy => "taxonomy",
            Self::Images => "images",
            Self::Identity => "identity",
            Self::Tokens => "tokens",
            Self::Idempotency => "idempotency",
            Self::Audit => "audit",
            Self::Operations => "operations",
        }
    }
}

/// Where one item lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }
}

/// Lists are cut into shards by key, so that one can be spread over several later; today there is one.
const SHARD: &str = "0";

/// Sorts after every time and every number.
const END: &str = ":";

/// Names a query in cursors: a kind of list, and everything that tells the query from others.
#[must_use]
pub fn query(kind: &str, description: &str) -> String {
    let digest = digest(&[description]);
    format!("{kind}/{}", &digest[..32])
}

fn number(n: u64) -> String {
    format!("{n:010}")
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps `("a", "bc")` and `("ab", "c")` apart.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests;
