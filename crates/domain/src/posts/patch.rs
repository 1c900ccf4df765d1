//! What authors send to change a post: a merge patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)).

use serde_json::{Map, Value};

use super::{Manuscript, Post, Seo, Source, Translation, WorkingCopy};
use crate::{
    error::{FieldErrors, Result},
    values::{
        BylineId, CategoryId, Code, Excerpt, ImageId, Locale, Note, OldPath, PostId, Revision,
        Slug, Tag, Timestamp, Title,
    },
};

/// A member of the patch; `None` leaves it as it is.
pub type Set<T> = Option<T>;

/// A change to a post's working copy. An inner option clears its member when `None`.
#[derive(Debug, Clone, Default)]
pub struct PostPatch {
    /// Another title.
    pub title: Set<Title>,
    /// Another slug.
    pub slug: Set<Slug>,
    /// Another locale.
    pub locale: Set<Locale>,
    /// Another date.
    pub published_at: Set<Option<Timestamp>>,
    /// Another excerpt.
    pub excerpt: Set<Option<Excerpt>>,
    /// Other tags, all of them.
    pub tags: Set<Vec<Tag>>,
    /// Other categories, all of them.
    pub category_ids: Set<Vec<CategoryId>>,
    /// Other bylines, all of them.
    pub byline_ids: Set<Vec<BylineId>>,
    /// Another image.
    pub featured_image_id: Set<Option<ImageId>>,
    /// Other old addresses, all of them.
    pub aliases: Set<Vec<OldPath>>,
    /// Another origin.
    pub source: Set<Option<SourcePatch>>,
    /// Another post that it translates, or another revision of it.
    pub translation: Set<Option<TranslationPatch>>,
    /// Another text.
    pub body: Set<String>,
    /// Other words for search engines.
    pub seo: Set<Option<SeoPatch>>,
    /// Changes to the site's own members; `None` clears them all.
    pub extra: Set<Option<Map<String, Value>>>,
    /// A word about this save; no member of the post.
    pub note: Option<Note>,
}

/// A change to what search engines are told.
#[derive(Debug, Clone, Default)]
pub struct SeoPatch {
    /// Another title.
    pub title: Set<Option<String>>,
    /// Another description.
    pub description: Set<Option<String>>,
}

/// A change to what a post translates.
#[derive(Debug, Clone, Copy, Default)]
pub struct TranslationPatch {
    /// Another post.
    pub of: Set<PostId>,
    /// Another revision of it.
    pub source_revision: Set<Revision>,
}

/// A change to where a post was imported from.
#[derive(Debug, Clone, Default)]
pub struct SourcePatch {
    /// Another import.
    pub import: Set<String>,
    /// Another file.
    pub path: Set<String>,
    /// Another digest.
    pub sha256: Set<String>,
    /// Another front matter.
    pub front_matter: Set<Option<String>>,
    /// Other values of the site, all of them.
    pub site: Set<Option<Map<String, Value>>>,
}

impl PostPatch {
    /// The working copy with the change in it; version and revision are as before.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) when an origin would be left without its parts.
    pub(super) fn apply(self, copy: &WorkingCopy) -> Result<WorkingCopy> {
        let WorkingCopy {
            post:
                Post {
                    mut state,
                    mut content,
                    text,
                },
            mut manuscript,
        } = copy.clone();
        set(&mut content.title, self.title);
        set(&mut content.address.slug, self.slug);
        set(&mut content.address.locale, self.locale);
        set(&mut content.excerpt, self.excerpt);
        set(&mut content.tags, self.tags);
        set(&mut content.category_ids, self.category_ids);
        set(&mut content.byline_ids, self.byline_ids);
        set(&mut content.featured_image_id, self.featured_image_id);
        set(&mut content.aliases, self.aliases);
        set(&mut state.published_at, self.published_at);
        set(&mut manuscript.body, self.body);
        match self.source {
            Some(Some(patch)) => patch.apply(&mut content.source, &mut manuscript)?,
            Some(None) => {
                content.source = None;
                manuscript.front_matter = None;
                manuscript.site = None;
            }
            None => {}
        }
        match self.translation {
            Some(Some(patch)) => content.translation = Some(patch.apply(content.translation)?),
            Some(None) => content.translation = None,
            None => {}
        }
        refuse_itself(state.id, content.translation)?;
        match self.seo {
            Some(Some(patch)) => patch.apply(manuscript.seo.get_or_insert_default()),
            Some(None) => manuscript.seo = None,
            None => {}
        }
        match self.extra {
            Some(Some(patch)) => merge(&mut manuscript.extra, patch),
            Some(None) => manuscript.extra.clear(),
            None => {}
        }
        Ok(WorkingCopy {
            post: Post {
                state,
                content,
                text,
            },
            manuscript,
        })
    }
}

/// Sets `member` when the patch names it.
fn set<T>(member: &mut T, patch: Set<T>) {
    if let Some(value) = patch {
        *member = value;
    }
}

impl SeoPatch {
    fn apply(self, seo: &mut Seo) {
        set(&mut seo.title, self.title);
        set(&mut seo.description, self.description);
    }
}

impl TranslationPatch {
    /// A revision goes with the post whose revision it is.
    fn apply(self, before: Option<Translation>) -> Result<Translation> {
        let before = before.filter(|before| self.of.is_none_or(|of| of == before.of));
        let of = self.of.or(before.map(|before| before.of));
        let revision = self.source_revision;
        let revision = revision.or(before.map(|before| before.source_revision));
        let missing = |name: &str| {
            let pointer = format!("/translation/{name}");
            FieldErrors::one(pointer, Code::Required, "must be given")
        };
        Ok(Translation {
            of: of.ok_or_else(|| missing("of"))?,
            source_revision: revision.ok_or_else(|| missing("source_revision"))?,
        })
    }
}

fn refuse_itself(id: PostId, translation: Option<Translation>) -> Result<()> {
    if translation.is_some_and(|translation| translation.of == id) {
        let detail = "must be another post";
        return Err(FieldErrors::one("/translation/of", Code::OutOfRange, detail).into());
    }
    Ok(())
}

impl SourcePatch {
    fn apply(self, source: &mut Option<Source>, manuscript: &mut Manuscript) -> Result<()> {
        let before = source.take();
        let (import, path, sha256) = match before {
            Some(Source {
                import,
                path,
                sha256,
            }) => (Some(import), Some(path), Some(sha256)),
            None => (None, None, None),
        };
        let mut errors = FieldErrors::default();
        let mut part = |name: &str, patch: Set<String>, before: Option<String>| {
            patch.or(before).unwrap_or_else(|| {
                errors.push(
                    format!("/source/{name}"),
                    crate::values::ValueError::new(Code::Required, "must be given"),
                );
                String::new()
            })
        };
        let patched = Source {
            import: part("import", self.import, import),
            path: part("path", self.path, path),
            sha256: part("sha256", self.sha256, sha256),
        };
        errors.into_result()?;
        *source = Some(patched);
        set(&mut manuscript.front_matter, self.front_matter);
        set(&mut manuscript.site, self.site);
        Ok(())
    }
}

/// Merges as RFC 7396 defines it: null removes, an object merges, anything else replaces.
fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                target.shift_remove(&name);
            }
            Value::Object(inner) => {
                let member = target.entry(name).or_insert(Value::Null);
                if !member.is_object() {
                    *member = Value::Object(Map::new());
                }
                if let Value::Object(object) = member {
                    merge(object, inner);
                }
            }
            other => {
                target.insert(name, other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn extra_members_merge_as_the_standard_says() {
        let cases = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (
                json!({"a": "b", "b": "c"}),
                json!({"a": null}),
                json!({"b": "c"}),
            ),
            (
                json!({"a": ["b"]}),
                json!({"a": {"b": null, "c": 1}}),
                json!({"a": {"c": 1}}),
            ),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
        ];
        for (target, patch, expected) in cases {
            let (Value::Object(mut target), Value::Object(patch)) = (target, patch) else {
                unreachable!()
            };
            merge(&mut target, patch);
            assert_eq!(Value::Object(target), expected);
        }
    }
}
