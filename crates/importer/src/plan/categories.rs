use std::collections::BTreeSet;

use super::{
    PlannedFile, RemoteIds,
    new_names::{NewNames, NewSlug},
    posts,
};

/// A category to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedCategory {
    /// The name in the form in which names are compared.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) slug: String,
    /// Another category whose name has the same slug.
    pub(crate) looks_like: Option<String>,
}

/// Plans the categories to create, each under the first name that any file gives it.
pub(super) fn plan(files: &[PlannedFile], ids: &RemoteIds) -> Vec<PlannedCategory> {
    let needed: BTreeSet<&str> = posts(files)
        .filter(|planned| planned.sends("category_ids"))
        .flat_map(|planned| &planned.post.categories)
        .map(|category| category.key.as_str())
        .filter(|key| ids.category(key).is_none())
        .collect();
    let mut seen = BTreeSet::new();
    let mut names = NewNames::new(ids.category_names());
    posts(files)
        .flat_map(|planned| &planned.post.categories)
        .filter(|category| needed.contains(category.key.as_str()))
        .filter(|category| seen.insert(category.key.as_str()))
        .map(|category| {
            let NewSlug { slug, looks_like } = names.add(&category.name);
            PlannedCategory {
                key: category.key.clone(),
                name: category.name.clone(),
                slug,
                looks_like,
            }
        })
        .collect()
}
