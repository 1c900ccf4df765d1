use std::{collections::BTreeSet, sync::LazyLock};

use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::posts::{LiveCopy, Post, PublicSummary};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema, schema::AnyOfBuilder},
};

use super::values::FieldName;
use crate::{
    respond::View,
    routes::posts::{
        LivePost, LivePostSummary, PostSummary,
        comma_list::CommaList,
        copy_view::CopyView,
        reading::{ImportOrigin, working_example},
    },
};

/// A post in a list. `view` identifies the copy.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum PostRow {
    /// A live copy.
    Live(Box<LivePostSummary>),
    /// A live copy with its text.
    Text(Box<LivePost>),
    /// A working copy.
    Working(Box<PostSummary>),
    /// Either of them with the requested members.
    Sparse(Map<String, Value>),
}

/// A post with the members requested by `fields`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the result of `PostRow::with`")]
pub(crate) struct SparsePost {
    /// `live` or `working`.
    view: String,
    /// The id of the post.
    id: uuid::Uuid,
}

/// Members that only live copies with their texts have.
pub(super) const TEXTS: [&str; 4] = ["body", "html", "seo", "extra"];

/// Members that are always returned.
const ALWAYS: [&str; 2] = ["view", "id"];

impl PostRow {
    /// Removes all other members.
    pub(super) fn with(self, fields: &CommaList<FieldName>) -> Self {
        let Value::Object(mut members) = json!(self) else {
            return self;
        };
        members.retain(|name, _| ALWAYS.contains(&name.as_str()) || fields.contains(name));
        Self::Sparse(members)
    }

    /// Returns the names of all members, `with_texts` also those of the texts.
    pub(super) fn members(view: CopyView, with_texts: bool) -> &'static BTreeSet<String> {
        static TEXT: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
            let texts = TEXTS.map(str::to_owned);
            LIVE.iter().cloned().chain(texts).collect()
        });
        static LIVE: LazyLock<BTreeSet<String>> = LazyLock::new(|| names(&PostRow::example()));
        static WORKING: LazyLock<BTreeSet<String>> =
            LazyLock::new(|| names(&working_example().copy.post.into()));
        match view {
            CopyView::Live if with_texts => &TEXT,
            CopyView::Live => &LIVE,
            CopyView::Working => &WORKING,
        }
    }
}

fn names(row: &PostRow) -> BTreeSet<String> {
    match json!(row) {
        Value::Object(members) => members.into_iter().map(|(name, _)| name).collect(),
        _ => BTreeSet::new(),
    }
}

impl From<PublicSummary> for PostRow {
    fn from(summary: PublicSummary) -> Self {
        Self::Live(Box::new(summary.into()))
    }
}

impl From<LiveCopy> for PostRow {
    fn from(copy: LiveCopy) -> Self {
        Self::Text(Box::new(copy.into()))
    }
}

impl From<Post> for PostRow {
    fn from(post: Post) -> Self {
        Self::Working(Box::new(PostSummary::of(post, ImportOrigin::default())))
    }
}

impl ToSchema for PostRow {}

impl PartialSchema for PostRow {
    /// `anyOf`, because a complete post also matches `SparsePost`.
    fn schema() -> RefOr<Schema> {
        let kinds = [
            LivePostSummary::name(),
            PostSummary::name(),
            SparsePost::name(),
        ];
        let kinds = kinds.into_iter().fold(AnyOfBuilder::new(), |any, name| {
            any.item(Ref::from_schema_name(name))
        });
        let about = "A post in a list. `view` identifies the copy.";
        Schema::AnyOf(kinds.description(Some(about)).build()).into()
    }
}

impl View for PostRow {
    fn example() -> Self {
        let summary = json!({
            "id": "01912d68-783e-7a03-8467-5661c1243ad4",
            "title": "Programación en España", "slug": "programacion-en-espana", "locale": "es",
            "excerpt": "Un saludo.", "tags": ["Rust"],
            "published_at": "2026-11-22T10:00:00.000Z", "updated_at": "2026-11-22T10:00:00.000Z",
        });
        let summary: PublicSummary =
            serde_json::from_value(summary).expect("the example is a summary");
        summary.into()
    }
}
