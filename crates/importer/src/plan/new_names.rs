use std::collections::BTreeMap;

use crate::slug::{numbered_slug, slug};

/// Chooses slugs for new names, so that no two resources have the same one.
#[derive(Debug)]
pub(super) struct NewNames {
    /// Names by slug, on the server and in this run.
    names: BTreeMap<String, String>,
}

/// The slug of a new name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewSlug {
    pub(super) slug: String,
    /// Another name that would have the same slug.
    pub(super) looks_like: Option<String>,
}

impl NewNames {
    pub(super) fn new(names: &BTreeMap<String, String>) -> Self {
        Self {
            names: names.clone(),
        }
    }

    /// Returns the slug of a name, with a number if another name has it.
    pub(super) fn add(&mut self, name: &str) -> NewSlug {
        let base = slug(name).unwrap_or_default();
        let numbered = (2..).map(|number| numbered_slug(&base, number));
        let free = std::iter::once(base.clone())
            .chain(numbered)
            .find(|slug| !self.names.contains_key(slug))
            .unwrap_or_default();
        let looks_like = self.names.get(&base).cloned();
        self.names.insert(free.clone(), name.to_owned());
        NewSlug {
            slug: free,
            looks_like,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_the_same_slug_get_numbers() {
        let on_server = BTreeMap::from([("ano".to_owned(), "Año".to_owned())]);
        let mut names = NewNames::new(&on_server);
        let mut add = |name: &str| {
            let NewSlug { slug, looks_like } = names.add(name);
            (slug, looks_like)
        };
        assert_eq!(add("Ano"), ("ano-2".to_owned(), Some("Año".to_owned())));
        assert_eq!(add("Anò"), ("ano-3".to_owned(), Some("Año".to_owned())));
        assert_eq!(add("C#"), ("c-sharp".to_owned(), None));
    }
}
