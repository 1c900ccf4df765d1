//! Unique names. A claim is an item that only its holder may replace.

use tintero_domain::{
    posts::PostName,
    values::{Address, Locale, OldPath, PostId, SourcePath},
};

use super::{ItemKey, digest};

/// The claim of a post on an address, with the live copy while the post is public.
#[must_use]
pub fn claim(address: &Address) -> ItemKey {
    ItemKey::new(format!("S#{}#{}", address.locale, address.slug), "SLUG")
}

/// The claim of a post or a redirect on an old path.
#[must_use]
pub fn old_path(path: &OldPath) -> ItemKey {
    ItemKey::new(format!("U#{}", digest(&[path.as_str()])), "URL")
}

/// The claim of a post on its import source.
#[must_use]
pub fn source(import: &str, path: &str) -> ItemKey {
    ItemKey::new(format!("I#{}", digest(&[import, path])), "SOURCE")
}

/// The claim of a post on a language among the translations of another post.
#[must_use]
pub fn translation(of: PostId, locale: &Locale) -> ItemKey {
    ItemKey::new(format!("G#{of}"), format!("L#{locale}"))
}

/// A draft translation, which claims no language, among the translations of another post. Sorts after all
/// claims.
#[must_use]
pub fn draft_translation(of: PostId, id: PostId) -> ItemKey {
    ItemKey::new(format!("G#{of}"), format!("M#{id}"))
}

/// The original post of a partition of translations.
#[must_use]
pub fn translated(pk: &str) -> Option<PostId> {
    pk.strip_prefix("G#")?.parse().ok()
}

/// The counter of translations of a post. Sorts before all of them.
#[must_use]
pub fn translation_count(of: PostId) -> ItemKey {
    ItemKey::new(format!("G#{of}"), "COUNT")
}

/// The partition and the first and last sort key of the translations of a post, drafts last.
#[must_use]
pub fn translations(of: PostId) -> (String, [String; 2]) {
    (format!("G#{of}"), ["L#".to_owned(), "M#~".to_owned()])
}

/// The claim on a unique name of a post other than its address.
#[must_use]
pub fn name(name: &PostName) -> ItemKey {
    match name {
        PostName::OldPath(path) => old_path(path),
        PostName::Source { import, path } => source(import, path),
    }
}

/// The partition of posts whose live copies lack the image with this path, in any letter case.
#[must_use]
pub fn waiting_posts(path: &SourcePath) -> String {
    format!("W#{}", digest(&[&path.folded()]))
}

/// A post in that partition.
#[must_use]
pub fn waiting_post(path: &SourcePath, id: PostId) -> ItemKey {
    ItemKey::new(waiting_posts(path), id.to_string())
}
