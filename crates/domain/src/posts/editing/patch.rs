//! Changes to a post: a merge patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)).

use serde_json::{Map, Value};

use crate::{
    error::{FieldErrors, Result},
    posts::{ImportSource, Manuscript, Post, Seo, Translation, WorkingCopy},
    values::{
        BylineId, CategoryId, Code, Excerpt, ImageId, Locale, Note, OldPath, PostId, Revision,
        Slug, Tag, Timestamp, Title, ValueError,
    },
};

/// A field of a patch; `None` leaves the value unchanged.
pub type Set<T> = Option<T>;

/// A change to a working copy: the new values. An inner `None` clears the field.
#[derive(Debug, Clone, Default)]
pub struct PostPatch {
    /// New title.
    pub title: Set<Title>,
    /// New slug.
    pub slug: Set<Slug>,
    /// New language.
    pub locale: Set<Locale>,
    /// New publication date.
    pub published_at: Set<Option<Timestamp>>,
    /// New excerpt.
    pub excerpt: Set<Option<Excerpt>>,
    /// All tags.
    pub tags: Set<Vec<Tag>>,
    /// All categories.
    pub category_ids: Set<Vec<CategoryId>>,
    /// All bylines.
    pub byline_ids: Set<Vec<BylineId>>,
    /// Featured image.
    pub featured_image_id: Set<Option<ImageId>>,
    /// All aliases.
    pub aliases: Set<Vec<OldPath>>,
    /// Import source.
    pub source: Set<Option<SourcePatch>>,
    /// Translated post and revision.
    pub translation: Set<Option<TranslationPatch>>,
    /// Markdown body.
    pub body: Set<String>,
    /// Texts for search engines.
    pub seo: Set<Option<SeoPatch>>,
    /// Changes to custom fields; an inner `None` clears them all.
    pub extra: Set<Option<Map<String, Value>>>,
    /// Note on the new revision. Not part of the content.
    pub note: Option<Note>,
}

/// A change to the texts for search engines.
#[derive(Debug, Clone, Default)]
pub struct SeoPatch {
    /// New title in search results.
    pub title: Set<Option<String>>,
    /// New description in search results.
    pub description: Set<Option<String>>,
}

/// A change to the translated post or revision.
#[derive(Debug, Clone, Copy, Default)]
pub struct TranslationPatch {
    /// Translated post.
    pub of: Set<PostId>,
    /// Translated revision.
    pub source_revision: Set<Revision>,
}

/// A change to the import source.
#[derive(Debug, Clone, Default)]
pub struct SourcePatch {
    /// Name of the import.
    pub import: Set<String>,
    /// Path of the file.
    pub path: Set<String>,
    /// SHA-256 of the file.
    pub sha256: Set<String>,
    /// Front matter.
    pub front_matter: Set<Option<String>>,
    /// All values of `site.*`.
    pub site: Set<Option<Map<String, Value>>>,
}

impl PostPatch {
    /// Applies the patch. Version and revision stay unchanged.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) if a required field of the import source or the
    /// translation is missing.
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
        reject_self(state.id, content.translation)?;
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
    /// The revision is required again if the translated post changes.
    fn apply(self, before: Option<Translation>) -> Result<Translation> {
        let before = before.filter(|before| self.of.is_none_or(|of| of == before.of));
        let of = self.of.or(before.map(|before| before.of));
        let revision = self.source_revision;
        let revision = revision.or(before.map(|before| before.source_revision));
        let missing = |name: &str| {
            let pointer = format!("/translation/{name}");
            FieldErrors::one(pointer, Code::Required, "is required")
        };
        Ok(Translation {
            of: of.ok_or_else(|| missing("of"))?,
            source_revision: revision.ok_or_else(|| missing("source_revision"))?,
        })
    }
}

fn reject_self(id: PostId, translation: Option<Translation>) -> Result<()> {
    if translation.is_some_and(|translation| translation.of == id) {
        let detail = "must not be the post itself";
        return Err(FieldErrors::one("/translation/of", Code::OutOfRange, detail).into());
    }
    Ok(())
}

impl SourcePatch {
    fn apply(self, source: &mut Option<ImportSource>, manuscript: &mut Manuscript) -> Result<()> {
        let before = source.take();
        let (import, path, sha256) = match before {
            Some(ImportSource {
                import,
                path,
                sha256,
            }) => (Some(import), Some(path), Some(sha256)),
            None => (None, None, None),
        };
        let mut errors = FieldErrors::default();
        let mut required = |name: &str, patch: Set<String>, before: Option<String>| {
            patch.or(before).unwrap_or_else(|| {
                let error = ValueError::new(Code::Required, "is required");
                errors.push(format!("/source/{name}"), error);
                String::new()
            })
        };
        let patched = ImportSource {
            import: required("import", self.import, import),
            path: required("path", self.path, path),
            sha256: required("sha256", self.sha256, sha256),
        };
        errors.into_result()?;
        *source = Some(patched);
        set(&mut manuscript.front_matter, self.front_matter);
        set(&mut manuscript.site, self.site);
        Ok(())
    }
}

/// Applies RFC 7396: null removes, an object merges, other values replace.
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
    fn extra_fields_merge_as_rfc_7396_defines() {
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
