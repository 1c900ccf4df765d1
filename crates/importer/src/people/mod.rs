//! Who writes on the site, as its files describe them.

mod read;

use std::collections::BTreeMap;

use tintero_markdown::front_matter::Author;

use crate::{finding::Located, folder::Folder, post::slug, text::one_line};

/// Most characters of a name.
const MAX_NAME: usize = 80;

/// Somebody who is credited with posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// The folded name, by which the same person is known in every file and on the server.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) position: Option<String>,
    pub(crate) bio: Option<String>,
    pub(crate) photo: Option<Photo>,
}

/// The picture that a file names for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Photo {
    /// The file that names it.
    pub(crate) file: String,
    /// The line on which it does.
    pub(crate) line: usize,
    /// The path as it was written.
    pub(crate) written: String,
}

/// Everybody whom `_authors` and `_data/authors.yml` describe.
#[derive(Debug, Default)]
pub(crate) struct People {
    persons: Vec<Person>,
    /// Where each is, by the folded form of all that they are called.
    names: BTreeMap<String, usize>,
}

impl People {
    /// Reads what describes people. What cannot be read is told and passed over.
    pub(crate) fn of(folder: &Folder, files: &[&str]) -> (Self, Vec<Located>) {
        read::people(folder, files)
    }

    /// Everybody, in the order of the files that describe them.
    pub(crate) fn all(&self) -> &[Person] {
        &self.persons
    }

    /// The person that a post names: whoever is called so, else somebody of whom only that is known
    /// what the post says. None when the name cannot be one.
    pub(crate) fn credited(&self, author: &Author, path: &str) -> Option<Person> {
        let called = [Some(author.name.as_str()), author.details.text("id")];
        let known = called
            .into_iter()
            .flatten()
            .filter_map(slug)
            .find_map(|key| self.names.get(&key));
        match known {
            Some(place) => Some(self.persons[*place].clone()),
            None => read::person(&author.details, &author.name, path),
        }
    }

    /// Adds somebody with everything they are called. Whoever was described first stays.
    fn add(&mut self, person: Person, called: impl IntoIterator<Item = String>) {
        let next = self.persons.len();
        let place = *self.names.entry(person.key.clone()).or_insert(next);
        if place == next {
            self.persons.push(person);
        }
        for name in called.into_iter().filter_map(|name| slug(&name)) {
            self.names.entry(name).or_insert(place);
        }
    }
}

/// A name as the server keeps it, with its folded form; none when it is none or too long.
fn named(name: &str) -> Option<(String, String)> {
    let name = one_line(name);
    let fits = name.chars().count() <= MAX_NAME;
    slug(&name).filter(|_| fits).map(|key| (key, name))
}

#[cfg(test)]
mod tests;
