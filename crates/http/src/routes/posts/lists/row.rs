use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::posts::{Post, PublicSummary};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema, schema::AnyOfBuilder},
};

use super::{
    super::{LivePostSummary, PostSummary, source::Origin, working},
    values::{Names, Side},
};
use crate::respond::View;

/// A row of a list; `view` says of which kind.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum PostRow {
    /// In public lists.
    Live(Box<LivePostSummary>),
    /// In desk lists.
    Working(Box<PostSummary>),
    /// One of either with the members that were asked for.
    Sparse(Map<String, Value>),
}

/// A row with the members of `fields`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `PostRow::with` leaves")]
pub(crate) struct SparsePost {
    /// `live` or `working`.
    view: String,
    /// The post.
    id: uuid::Uuid,
}

/// The members that every row has, so that whoever reads it knows what it is.
const ALWAYS: [&str; 2] = ["view", "id"];

impl PostRow {
    /// The row with these members only.
    pub(super) fn with(self, fields: &Names<String>) -> Self {
        let Value::Object(mut members) = json!(self) else {
            return self;
        };
        let wanted = |name: &str| ALWAYS.contains(&name) || fields.0.iter().any(|own| own == name);
        members.retain(|name, _| wanted(name));
        Self::Sparse(members)
    }

    /// The names that `fields` knows.
    pub(super) fn members(side: Side) -> BTreeSet<String> {
        let example = match side {
            Side::Live => Self::example(),
            Side::Working => working::example().copy.post.into(),
        };
        match json!(example) {
            Value::Object(members) => members.into_iter().map(|(name, _)| name).collect(),
            _ => BTreeSet::new(),
        }
    }
}

impl From<PublicSummary> for PostRow {
    fn from(summary: PublicSummary) -> Self {
        Self::Live(Box::new(summary.into()))
    }
}

impl From<Post> for PostRow {
    fn from(post: Post) -> Self {
        Self::Working(Box::new(PostSummary::of(post, Origin::default())))
    }
}

impl ToSchema for PostRow {}

impl PartialSchema for PostRow {
    /// A whole row is a sparse one with all members, so more than one can fit.
    fn schema() -> RefOr<Schema> {
        let kinds = [
            LivePostSummary::name(),
            PostSummary::name(),
            SparsePost::name(),
        ];
        let kinds = kinds.into_iter().fold(AnyOfBuilder::new(), |any, name| {
            any.item(Ref::from_schema_name(name))
        });
        let about = "A row of a list; `view` says of which kind.";
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
