//! Bylines of the folder, read from `_authors` and `_data/authors.yml`.

mod read;

use std::collections::BTreeMap;

use tintero_markdown::front_matter::Author;

use crate::{
    diagnostic::FileDiagnostic,
    folder::Folder,
    slug::slug,
    text::{name_key, one_line},
};

/// The longest name, in characters.
const MAX_NAME: usize = 80;

/// A byline in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BylineProfile {
    /// The name in the form in which names are compared. It identifies the byline in all files and on the
    /// server.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) position: Option<String>,
    pub(crate) bio: Option<String>,
    pub(crate) image: Option<ProfileImage>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProfileImage {
    /// The file that refers to it.
    pub(crate) file: String,
    pub(crate) line: usize,
    /// The path in that file.
    pub(crate) written: String,
}

#[derive(Debug, Default)]
pub(crate) struct SiteBylines {
    profiles: Vec<BylineProfile>,
    /// Indexes by the keys of all names of a byline.
    indexes: BTreeMap<String, usize>,
}

impl SiteBylines {
    /// Reads the author files. Returns a diagnostic for each file that cannot be read.
    pub(crate) fn read(folder: &Folder, files: &[&str]) -> (Self, Vec<FileDiagnostic>) {
        read::read_all(folder, files)
    }

    pub(crate) fn all(&self) -> &[BylineProfile] {
        &self.profiles
    }

    /// Returns the byline of an author of a post: a known one with that name, otherwise a new one with
    /// the details of the post. Returns `None` if the name is invalid.
    pub(crate) fn resolve(&self, author: &Author, path: &str) -> Option<BylineProfile> {
        let names = [Some(author.name.as_str()), author.details.text("id")];
        let known = names
            .into_iter()
            .flatten()
            .find_map(|name| self.indexes.get(&name_key(name)));
        match known {
            Some(index) => Some(self.profiles[*index].clone()),
            None => read::profile(&author.details, &author.name, path),
        }
    }

    /// Adds a byline with its other names. The first byline of a name wins.
    fn add(&mut self, profile: BylineProfile, names: impl IntoIterator<Item = String>) {
        let next = self.profiles.len();
        let index = *self.indexes.entry(profile.key.clone()).or_insert(next);
        if index == next {
            self.profiles.push(profile);
        }
        for name in names {
            self.indexes.entry(name_key(&name)).or_insert(index);
        }
    }
}

/// Returns the key and the normalised name, or `None` if the name is empty or too long.
fn key_and_name(name: &str) -> Option<(String, String)> {
    let name = one_line(name);
    let fits = name.chars().count() <= MAX_NAME;
    (fits && slug(&name).is_some()).then(|| (name_key(&name), name))
}

#[cfg(test)]
mod tests;
