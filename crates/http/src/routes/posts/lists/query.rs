//! Reads the query string of a list.

use tintero_domain::{
    page::PageRequest,
    posts::{CategoryFilter, DeskQuery, DeskSet, Facets, PublicQuery},
    values::PostId,
};

use super::{
    fields::FieldName,
    list_kind::ListKind,
    parameters::Filters,
    row::PostRow,
    table::{self, ListSpec},
    values::{CommaList, Flag, IncludeName},
};
use crate::{
    body::{Built, build},
    extract::{Parameters, Params, documented_params},
    routes::posts::copy_view::CopyView,
};

/// The query string of `list_posts`.
pub(in crate::routes::posts) struct ListPosts {
    pub(super) query: PostQuery,
    pub(super) page: PageRequest,
    pub(super) fields: Option<CommaList<FieldName>>,
    pub(super) include: CommaList<IncludeName>,
}

/// The posts to list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PostQuery {
    /// A list of live copies.
    Public(PublicQuery),
    /// A list of working copies.
    Desk(DeskQuery),
    /// The given posts in this order.
    ById(CopyView, Vec<PostId>),
}

impl Filters {
    /// Returns the selected list, after checks that depend on several parameters.
    fn list(&self, params: &mut Params) -> Option<&'static ListSpec> {
        let list = table::select(self, params)?;
        if self.descendants.is_some() && self.category.is_none() {
            return list.reject("descendants", params);
        }
        if self.sort.is_some() && self.sort != list.order {
            return list.reject("sort", params);
        }
        let include = self.include.iter().flat_map(|include| &include.0);
        if list.kind.view() == CopyView::Live
            && include.clone().any(|name| *name == IncludeName::Owner)
        {
            let detail = "contains owner, which only working copies have";
            return params.reject("include", "unknown_combination", detail);
        }
        let known = PostRow::members(list.kind.view());
        if let Some(unknown) = self
            .fields
            .as_ref()
            .and_then(|fields| fields.unknown(known))
        {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            let known = known.join(", ");
            let detail = format!("contains the unknown member {unknown:?}; known members: {known}");
            return params.reject("fields", "unknown_field", detail);
        }
        Some(list)
    }

    fn into_query(self, kind: ListKind) -> Option<PostQuery> {
        let facets = Facets {
            category: self.category.map(|under| CategoryFilter {
                under,
                descendants: self.descendants == Some(Flag(true)),
            }),
            tag: self.tag,
            byline: self.author,
            locale: self.locale,
        };
        let set = match kind {
            ListKind::Published => {
                return Some(PostQuery::Public(PublicQuery {
                    facets,
                    after: self.published_after,
                    before: self.published_before,
                }));
            }
            ListKind::LiveById | ListKind::WorkingById => {
                return Some(PostQuery::ById(kind.view(), self.ids?.0));
            }
            ListKind::InStatus => DeskSet::Status(self.status?.name()?),
            ListKind::Changed => DeskSet::Changed,
            ListKind::ChangedSince => DeskSet::ChangedSince(self.updated_since?),
        };
        Some(PostQuery::Desk(DeskQuery {
            set,
            owner: self.owner,
            facets,
        }))
    }
}

impl Parameters for ListPosts {
    fn read(params: &mut Params) -> Built<Self> {
        let mut filters = Filters::read(params);
        params.unsupported("q", "is not supported; full-text search is not available");
        let list = filters.list(params);
        let page = PageRequest {
            limit: filters.limit.unwrap_or_default(),
            cursor: filters.cursor.take(),
        };
        let fields = filters.fields.take();
        let include = filters.include.take().unwrap_or_default();
        build(move || {
            Some(Self {
                query: filters.into_query(list?.kind)?,
                page,
                fields,
                include,
            })
        })
    }
}

documented_params!(ListPosts);
