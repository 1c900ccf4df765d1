//! Unique names: a claim on one is an item that only its holder may replace.

use tintero_domain::{
    posts::Name,
    values::{Address, Locale, OldPath, PostId, SourcePath},
};

use super::{Key, digest};

/// A post's claim on an address, with the live copy while it is public there.
#[must_use]
pub fn claim(address: &Address) -> Key {
    Key::new(format!("S#{}#{}", address.locale, address.slug), "SLUG")
}

/// The claim on an old path: of a post that was there, or of a redirect that was made by hand.
#[must_use]
pub fn old_path(path: &OldPath) -> Key {
    Key::new(format!("U#{}", digest(&[path.as_str()])), "URL")
}

/// A post's claim on the file that it was imported from.
#[must_use]
pub fn source(import: &str, path: &str) -> Key {
    Key::new(format!("I#{}", digest(&[import, path])), "SOURCE")
}

/// A post's claim on a language among the translations of another one.
#[must_use]
pub fn translation(of: PostId, locale: &Locale) -> Key {
    Key::new(format!("G#{of}"), format!("L#{locale}"))
}

/// The post whose translations lie in this partition.
#[must_use]
pub fn translated(pk: &str) -> Option<PostId> {
    pk.strip_prefix("G#")?.parse().ok()
}

/// How many translations a post has. Sorts below all of them.
#[must_use]
pub fn translation_count(of: PostId) -> Key {
    Key::new(format!("G#{of}"), "COUNT")
}

/// All translations of a post: their partition, and the first and the last place in it.
#[must_use]
pub fn translations(of: PostId) -> (String, [String; 2]) {
    (format!("G#{of}"), ["L#".to_owned(), "L#~".to_owned()])
}

/// A unique name of a post other than its address.
#[must_use]
pub fn name(name: &Name) -> Key {
    match name {
        Name::OldPath(path) => old_path(path),
        Name::Source { import, path } => source(import, path),
    }
}

/// All posts whose live copies lack the image from a path, in any letter case of it.
#[must_use]
pub fn waiting_posts(path: &SourcePath) -> String {
    format!("W#{}", digest(&[&path.folded()]))
}

/// One of them.
#[must_use]
pub fn waiting_post(path: &SourcePath, id: PostId) -> Key {
    Key::new(waiting_posts(path), id.to_string())
}
