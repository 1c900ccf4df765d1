use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tintero_domain::posts::{Post, PublicSummary};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema, schema::AnyOfBuilder},
};

use super::{
    members::SomeMembers,
    values::{CommaList, FieldName},
};
use crate::{
    respond::View,
    routes::posts::{
        LivePostSummary, PostSummary,
        copy_view::CopyView,
        reading::{ImportOrigin, working_example},
    },
};

/// A post in a list. `view` identifies the copy.
#[derive(Debug)]
pub(crate) struct PostRow {
    row: WholeRow,
    /// The requested members; all if absent.
    fields: Option<Arc<CommaList<FieldName>>>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum WholeRow {
    Live(Box<LivePostSummary>),
    Working(Box<PostSummary>),
}

impl Serialize for PostRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(fields) = &self.fields else {
            return self.row.serialize(serializer);
        };
        let keeps = |name: &str| ALWAYS.contains(&name) || fields.contains(name);
        let value = &self.row;
        SomeMembers { value, keeps }.serialize(serializer)
    }
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

/// Members that are always returned.
const ALWAYS: [&str; 2] = ["view", "id"];

impl PostRow {
    /// Sends only these members.
    pub(super) fn with(self, fields: &Arc<CommaList<FieldName>>) -> Self {
        let fields = Some(Arc::clone(fields));
        Self { fields, ..self }
    }

    /// Returns the names of all members.
    pub(super) fn members(view: CopyView) -> &'static BTreeSet<String> {
        static LIVE: LazyLock<BTreeSet<String>> = LazyLock::new(|| names(&PostRow::example()));
        static WORKING: LazyLock<BTreeSet<String>> =
            LazyLock::new(|| names(&working_example().copy.post.into()));
        match view {
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
        WholeRow::Live(Box::new(summary.into())).into()
    }
}

impl From<Post> for PostRow {
    fn from(post: Post) -> Self {
        WholeRow::Working(Box::new(PostSummary::of(post, ImportOrigin::default()))).into()
    }
}

impl From<WholeRow> for PostRow {
    fn from(row: WholeRow) -> Self {
        Self { row, fields: None }
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
