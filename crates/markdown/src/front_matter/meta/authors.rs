use crate::front_matter::{YamlMap, YamlValue};

/// An author of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The text, or the `name`, `display_name`, `id`, `login` or `email` of a map. It is a name, or an
    /// id in the author data of the site; the file does not distinguish them.
    pub name: String,
    /// The whole map; empty for a text.
    pub details: YamlMap,
}

const NAMING_KEYS: &[&str] = &["name", "display_name", "id", "login", "email"];

/// Returns the authors of `author`, then of `authors`, each name once.
pub(super) fn read(map: &YamlMap) -> Vec<Author> {
    let mut authors: Vec<Author> = Vec::new();
    for found in ["author", "authors"]
        .iter()
        .filter_map(|key| map.get(key))
        .flat_map(each)
    {
        if authors.iter().all(|author| author.name != found.name) {
            authors.push(found);
        }
    }
    authors
}

fn each(value: &YamlValue) -> Vec<Author> {
    match value {
        YamlValue::List(items) => items.iter().flat_map(each).collect(),
        YamlValue::Map(map) => from_map(map).into_iter().collect(),
        YamlValue::Scalar(_) => {
            let name = value.text().map(str::trim).filter(|name| !name.is_empty());
            name.map(|name| Author {
                name: name.to_owned(),
                details: YamlMap::default(),
            })
            .into_iter()
            .collect()
        }
    }
}

fn from_map(map: &YamlMap) -> Option<Author> {
    let name = NAMING_KEYS
        .iter()
        .find_map(|key| map.text(key))?
        .trim()
        .to_owned();
    Some(Author {
        name,
        details: map.clone(),
    })
}
