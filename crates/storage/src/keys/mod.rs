//! The keys of all items. Other modules do not build keys.
//!
//! Each table has a partition key `pk` and a sort key `sk`, both strings. A component that can
//! contain the separator `#` is last, so keys are unique. Numbers and times have a fixed width, so
//! keys sort like their values.

mod accounts;
mod images;
mod links;
mod lists;
mod names;
mod operations;
mod posts;
mod records;
mod references;
mod site;
mod visibility;

use sha2::{Digest as _, Sha256};

pub use self::{
    accounts::{
        api_key, api_keys, email, end_of_users, factor_enrolment, founder, guess_account,
        guess_network, guess_pair, identity, identity_row, identity_rows, invitation,
        parse_session, password_reset, session, session_row, session_rows, sign_in_challenge, user,
        user_sort_key,
    },
    images::{
        after, byte_removal, byte_removals, folded_image_path, image_digest, image_path, image_row,
        image_sort_key, image_use, image_use_recording, image_use_sort_key, image_uses,
        image_uses_of, image_with_digest, images, images_between, images_with_digest,
        purgeable_images, trashed_image_row, trashed_images,
    },
    links::{link_progress, link_use, link_uses_after, linked, public_changes_after},
    lists::{
        PublicPartition, StatusPartition, after_moment, end_of_list, indexes, moment, owner_state,
        parse_moment, parse_owner_state, redirect, redirect_sort_key, redirects, state, tag_of,
        updated_shard,
    },
    names::{
        claim, draft_translation, name, old_path, source, translated, translation,
        translation_count, translations, waiting_post, waiting_posts,
    },
    operations::{
        end_of_operations, operation, operation_sort_key, operations, parse_operation,
        parse_unfinished, unfinished_operation, unfinished_operations,
    },
    posts::{
        ChunkKind, all_of_post, autosave, chunk, chunk_write, chunks, owning_post, post, revision,
        revisions_up_to, text_and_post,
    },
    records::{
        AuditSubject, audit, audit_from, audit_shard, audit_shards, audited, end_of_audit,
        idempotency, parse_audited,
    },
    references::{
        byline, byline_count, byline_slug, byline_sort_key, byline_tombstone, bylines, category,
        category_count, category_counts, category_slug, cleanup, counted_byline, counted_category,
        counted_list, counted_tag, due_cleanups, end_of_references, image, parse_cleanup,
        planned_cleanups, tag_count, tag_counts, tag_tombstone, tags_after, tree, tree_version,
    },
    site::{
        public_change, public_changes, site_settings, start_of_changes, unknown_address_group,
        unknown_address_position, unknown_addresses, unknown_addresses_of,
    },
    visibility::is_private,
};

/// The tables. Their full names start with the prefix of the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Posts with their texts, revisions, claims and public rows; redirects.
    Posts,
    /// Categories and tags, their counters, and pending cleanups.
    Taxonomy,
    /// Metadata of images.
    Images,
    /// Users and bylines.
    Identity,
    /// Sessions, API keys, requested resets of passwords, sign-ins that need a code, and attempts at passwords. Secrets are stored
    /// as digests.
    Tokens,
    /// Results of writes with an `Idempotency-Key`.
    Idempotency,
    /// Audit records.
    Audit,
    /// Background operations.
    Operations,
    /// Settings and changes of the public site, and addresses that were not found.
    Site,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 9] = [
        Self::Posts,
        Self::Taxonomy,
        Self::Images,
        Self::Identity,
        Self::Tokens,
        Self::Idempotency,
        Self::Audit,
        Self::Operations,
        Self::Site,
    ];

    /// The name without the prefix.
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
            Self::Site => "site",
        }
    }
}

/// The key of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl ItemKey {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }
}

/// The only shard of a list. With the shard in the key, a list can have several later.
const SHARD: &str = "0";

/// Sorts after every time and number.
const END: &str = ":";

/// The name of a query in cursors: the kind of list and a digest of its parameters.
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
        // The length distinguishes `("a", "bc")` from `("ab", "c")`.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests;
