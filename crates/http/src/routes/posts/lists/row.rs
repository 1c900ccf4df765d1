use std::{collections::BTreeSet, sync::LazyLock};

use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::{
    access::Caller,
    posts::{LiveCopy, Post, PublicSummary},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::{
    respond::{View, choice, names},
    routes::posts::{
        LivePost, LivePostSummary, PostSummary,
        copy_view::CopyView,
        reading::{ImportOrigin, working_example},
    },
};

/// A post in a list. `view` identifies its type.
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

/// Members that only live copies with their texts have.
pub(super) const TEXTS: [&str; 4] = ["body", "html", "seo", "extra"];

/// Members that are always returned.
const ALWAYS: [&str; 2] = ["view", "id"];

/// Defines the schema of a row with the members requested by `fields`.
macro_rules! sparse_rows {
    ($(#[doc = $doc:literal] $row:ident of $summary:ident, $view:literal;)*) => {$(
        #[doc = $doc]
        pub(crate) struct $row;

        impl $row {
            /// The value of `view`. It differs from that of a complete row, which has all required members.
            const VIEW: &'static str = $view;
        }

        impl ToSchema for $row {}

        impl PartialSchema for $row {
            fn schema() -> RefOr<Schema> {
                sparse($summary::schema(), Self::VIEW, $doc)
            }
        }
    )*};
}

sparse_rows! {
    /// A live copy with the members requested by `fields`.
    SparseLivePost of LivePostSummary, "sparse_live";
    /// A working copy with the members requested by `fields`.
    SparsePost of PostSummary, "sparse_working";
}

fn sparse(mut summary: RefOr<Schema>, view: &'static str, about: &str) -> RefOr<Schema> {
    if let RefOr::T(Schema::Object(object)) = &mut summary {
        object.description = Some(about.trim().to_owned());
        object.required = ALWAYS.map(str::to_owned).into();
        let view_is_live = view == SparseLivePost::VIEW;
        let view = names([view], "Identifies the copy.");
        object.properties.insert("view".to_owned(), view.into());
        if view_is_live {
            object.properties.extend(texts());
        }
    }
    summary
}

/// The schemas of the members that only live copies with their texts have.
fn texts() -> Vec<(String, RefOr<Schema>)> {
    let parts = match LivePost::schema() {
        RefOr::T(Schema::AllOf(whole)) => whole.items,
        whole => vec![whole],
    };
    let objects = parts.into_iter().filter_map(|part| match part {
        RefOr::T(Schema::Object(object)) => Some(object.properties),
        _ => None,
    });
    let members = objects.flatten();
    members
        .filter(|(name, _)| TEXTS.contains(&name.as_str()))
        .collect()
}

impl PostRow {
    /// Removes the members for which `is_wanted` returns false.
    pub(super) fn with(self, is_wanted: impl Fn(&str) -> bool) -> Self {
        let view = match self {
            Self::Live(_) | Self::Text(_) => SparseLivePost::VIEW,
            Self::Working(_) => SparsePost::VIEW,
            Self::Sparse(_) => return self,
        };
        let Value::Object(mut members) = json!(self) else {
            return self;
        };
        members.retain(|name, _| ALWAYS.contains(&name.as_str()) || is_wanted(name));
        members.insert("view".to_owned(), view.into());
        Self::Sparse(members)
    }

    /// Returns the names of all members, `with_texts` also those of the texts.
    pub(super) fn members(view: CopyView, with_texts: bool) -> &'static BTreeSet<String> {
        static TEXT: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
            let texts = TEXTS.map(str::to_owned);
            LIVE.iter().cloned().chain(texts).collect()
        });
        static LIVE: LazyLock<BTreeSet<String>> =
            LazyLock::new(|| member_names(&PostRow::example()));
        static WORKING: LazyLock<BTreeSet<String>> =
            LazyLock::new(|| member_names(&working_example().copy.post.into()));
        match view {
            CopyView::Live if with_texts => &TEXT,
            CopyView::Live => &LIVE,
            CopyView::Working => &WORKING,
        }
    }
}

fn member_names(row: &PostRow) -> BTreeSet<String> {
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

impl PostRow {
    /// A working copy with the actions of the caller.
    pub(super) fn of(post: Post, caller: &Caller) -> Self {
        let allowed = post.allowed_to(caller);
        let mut summary = PostSummary::of(post, ImportOrigin::default());
        summary.allow(allowed);
        Self::Working(Box::new(summary))
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
    fn schema() -> RefOr<Schema> {
        let rows = [
            ("live", LivePostSummary::name()),
            ("working", PostSummary::name()),
            (SparseLivePost::VIEW, SparseLivePost::name()),
            (SparsePost::VIEW, SparsePost::name()),
        ];
        choice(
            "view",
            rows,
            "A post in a list. `view` identifies its type.",
        )
        .into()
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
