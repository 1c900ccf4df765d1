//! Reads the query string of a list.

use tintero_domain::{
    page::PageRequest,
    posts::{CategoryFilter, ChangesQuery, DeskQuery, DeskSet, Facets, LiveCopy, PublicQuery},
    values::{Code, PostId},
};

use super::{
    fields::FieldName,
    list_kind::ListKind,
    parameters::Filters,
    row::{PostRow, TEXTS},
    table::{self, ListSpec},
    values::{Flag, IncludeName},
};
use crate::{
    body::{Built, build},
    extract::{Parameters, Params, documented_params},
    routes::posts::{comma_list::CommaList, copy_view::CopyView},
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
    /// A list of live copies with their texts.
    PublicTexts(PublicQuery),
    /// The changes of live copies.
    Changes(ChangesQuery),
    /// The changes of live copies with their texts.
    ChangedTexts(ChangesQuery),
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
        let locales = self.locale.as_ref().map_or(0, |locales| locales.0.len());
        if locales > 1 && list.kind != ListKind::Published {
            return list.reject("locale", params);
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
        self.texts(list, params)?;
        let known = PostRow::members(list.kind.view(), self.with_texts());
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

    /// Whether `fields` contains a member that only live copies with their texts have.
    fn with_texts(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| &fields.0);
        fields.any(|field| TEXTS.contains(&field.0.as_str()))
    }

    /// Checks that the list has texts if they are requested, and that the page is small enough.
    fn texts(&self, list: &ListSpec, params: &mut Params) -> Option<()> {
        if !self.with_texts() {
            return Some(());
        }
        if !list.kind.has_texts() {
            let texts = TEXTS.join(", ");
            let detail = format!("must not contain {texts} in this list: {}", list.about);
            return params.reject("fields", table::CODE, detail);
        }
        let max = LiveCopy::MAX_PAGE;
        if self.limit.is_some_and(|limit| limit.get() > max) {
            let detail = format!(
                "must be at most {max} if fields contains {}",
                TEXTS.join(" or ")
            );
            return params.reject("limit", Code::OutOfRange.as_str(), detail);
        }
        Some(())
    }

    fn into_query(self, kind: ListKind) -> Option<PostQuery> {
        let with_texts = self.with_texts();
        let facets = Facets {
            category: self.category.map(|under| CategoryFilter {
                under,
                descendants: self.descendants == Some(Flag(true)),
            }),
            tags: self.tag.map_or_else(Vec::new, |tags| tags.0),
            byline: self.author,
            locales: self.locale.map_or_else(Vec::new, |locales| locales.0),
        };
        let set = match kind {
            ListKind::Published => {
                let query = PublicQuery {
                    facets,
                    after: self.published_after,
                    before: self.published_before,
                };
                return Some(if with_texts {
                    PostQuery::PublicTexts(query)
                } else {
                    PostQuery::Public(query)
                });
            }
            ListKind::PublishedSince => {
                let query = ChangesQuery {
                    since: self.updated_since?,
                    locale: facets.locales.into_iter().next(),
                };
                return Some(if with_texts {
                    PostQuery::ChangedTexts(query)
                } else {
                    PostQuery::Changes(query)
                });
            }
            ListKind::LiveById | ListKind::WorkingById => {
                return Some(PostQuery::ById(kind.view(), self.ids?.0));
            }
            ListKind::InStatus => DeskSet::Status(self.status?.name()?),
            ListKind::Planned => DeskSet::Planned,
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
        let fields = filters.fields.clone();
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
