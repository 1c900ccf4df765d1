//! Three-way merges: what two writers made of one state, where they did not meet.

mod lines;
#[cfg(test)]
mod tests;

pub(super) use lines::merge_lines;

use super::{Content, Manuscript, Post, RevisionCopy, Seo, WorkingCopy};
use crate::values::Address;

/// What `current` and `yours` made of `base`, together; none when both changed one member in
/// different ways, or the body where no unchanged line lies between.
pub(super) fn merge(
    base: &RevisionCopy,
    current: &WorkingCopy,
    yours: &WorkingCopy,
) -> Option<WorkingCopy> {
    // The date is no part of a revision, so nobody knows what it was at the base.
    if current.post.state.published_at != yours.post.state.published_at {
        return None;
    }
    let content = merge_content(&base.content, &current.post.content, &yours.post.content)?;
    let (source, origin) = merge_source(base, current, yours)?;
    let [base, theirs, ours] = [&base.manuscript, &current.manuscript, &yours.manuscript];
    let manuscript = Manuscript {
        body: merge_lines(&base.body, &theirs.body, &ours.body).ok()?,
        front_matter: origin.0,
        site: origin.1,
        seo: merge_seo(base, theirs, ours)?,
        extra: pick(&base.extra, &theirs.extra, &ours.extra)?,
    };
    let content = Content { source, ..content };
    Some(WorkingCopy {
        post: Post {
            content,
            ..current.post.clone()
        },
        manuscript,
    })
}

/// The value of the side that changed it.
fn pick<T: Clone + PartialEq>(base: &T, current: &T, yours: &T) -> Option<T> {
    if base == current {
        Some(yours.clone())
    } else {
        (base == yours || current == yours).then(|| current.clone())
    }
}

/// Everything but the source, which belongs together with what the manuscript keeps of it.
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

type Origin = (
    Option<String>,
    Option<serde_json::Map<String, serde_json::Value>>,
);

/// Where the post came from, with its front matter and the values of its site: one file, one value.
fn merge_source(
    base: &RevisionCopy,
    current: &WorkingCopy,
    yours: &WorkingCopy,
) -> Option<(Option<super::Source>, Origin)> {
    let whole = |content: &Content, manuscript: &Manuscript| {
        let origin = (manuscript.front_matter.clone(), manuscript.site.clone());
        (content.source.clone(), origin)
    };
    pick(
        &whole(&base.content, &base.manuscript),
        &whole(&current.post.content, &current.manuscript),
        &whole(&yours.post.content, &yours.manuscript),
    )
}

/// What search engines are told is two texts, which are merged apart.
#[expect(
    clippy::option_option,
    reason = "the outer one says whether there is a merge, the inner one is its value"
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
