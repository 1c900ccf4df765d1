//! Three-way merge of two concurrent changes.

mod lines;
#[cfg(test)]
mod tests;

pub(super) use lines::merge_lines;

use crate::{
    posts::{Content, ImportSource, Manuscript, Post, RevisionCopy, Seo, WorkingCopy},
    text_work::Budget,
    values::Address,
};

/// Merges the changes from `base` to `current` and to `yours`. Returns `None` if both changed one
/// field differently, or overlapping lines of the body.
pub(super) fn merge(
    base: &RevisionCopy,
    current: &WorkingCopy,
    yours: &WorkingCopy,
    budget: &Budget,
) -> Option<WorkingCopy> {
    // Revisions do not include the date, so its base value is unknown.
    if current.post.state.published_at != yours.post.state.published_at {
        return None;
    }
    let content = merge_content(&base.content, &current.post.content, &yours.post.content)?;
    let imported = merge_imported(base, current, yours)?;
    let [base, theirs, ours] = [&base.manuscript, &current.manuscript, &yours.manuscript];
    let manuscript = Manuscript {
        body: merge_lines(&base.body, &theirs.body, &ours.body, budget).ok()?,
        front_matter: imported.front_matter,
        site: imported.site,
        seo: merge_seo(base, theirs, ours)?,
        extra: pick(&base.extra, &theirs.extra, &ours.extra)?,
    };
    let content = Content {
        source: imported.source,
        ..content
    };
    Some(WorkingCopy {
        post: Post {
            content,
            ..current.post.clone()
        },
        manuscript,
    })
}

/// The value of the side that changed it. Returns `None` if both sides did, differently.
fn pick<T: Clone + PartialEq>(base: &T, current: &T, yours: &T) -> Option<T> {
    if base == current {
        Some(yours.clone())
    } else {
        (base == yours || current == yours).then(|| current.clone())
    }
}

/// Merges all fields but the source, which is merged together with the front matter and the site.
fn merge_content(base: &Content, current: &Content, yours: &Content) -> Option<Content> {
    macro_rules! pick {
        ($($member:ident).+) => {
            pick(&base.$($member).+, &current.$($member).+, &yours.$($member).+)?
        };
    }
    Some(Content {
        address: Address {
            locale: pick!(address.locale),
            slug: pick!(address.slug),
        },
        title: pick!(title),
        excerpt: pick!(excerpt),
        tags: pick!(tags),
        category_ids: pick!(category_ids),
        byline_ids: pick!(byline_ids),
        featured_image_id: pick!(featured_image_id),
        aliases: pick!(aliases),
        source: None,
        translation: pick!(translation),
    })
}

/// The parts of a post that come from one imported file.
#[derive(Clone, PartialEq)]
struct Imported {
    source: Option<ImportSource>,
    front_matter: Option<String>,
    site: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Merges source, front matter and site values as one value, because they come from one file.
fn merge_imported(
    base: &RevisionCopy,
    current: &WorkingCopy,
    yours: &WorkingCopy,
) -> Option<Imported> {
    let imported = |content: &Content, manuscript: &Manuscript| Imported {
        source: content.source.clone(),
        front_matter: manuscript.front_matter.clone(),
        site: manuscript.site.clone(),
    };
    pick(
        &imported(&base.content, &base.manuscript),
        &imported(&current.post.content, &current.manuscript),
        &imported(&yours.post.content, &yours.manuscript),
    )
}

/// Merges both texts separately.
#[expect(
    clippy::option_option,
    reason = "the outer option is the result of the merge, the inner one its value"
)]
fn merge_seo(base: &Manuscript, current: &Manuscript, yours: &Manuscript) -> Option<Option<Seo>> {
    if let Some(seo) = pick(&base.seo, &current.seo, &yours.seo) {
        return Some(seo);
    }
    let [base, current, yours] =
        [base, current, yours].map(|side| side.seo.clone().unwrap_or_default());
    Some(Some(Seo {
        title: pick(&base.title, &current.title, &yours.title)?,
        description: pick(&base.description, &current.description, &yours.description)?,
    }))
}
