//! The parameters as they were given, and the list that they ask for.

use tintero_domain::{
    page::{Cursor, Limit, PageRequest},
    posts::{DeskQuery, DeskSet, Facets, Filed, PublicQuery},
    values::{BylineId, CategoryId, IdOrSlug, Locale, PostId, Tag, Timestamp, UserId},
};

use super::{
    parameter::{self, Parameter},
    row::PostRow,
    table::{self, Kind, Misfit, Row},
    values::{Flag, Names, Order, Related, Side, Wanted},
};
use crate::{
    body::Text,
    extract::{Parameters, Params},
};

/// A list of posts that somebody asked for.
pub(in crate::routes::posts) struct ListPosts {
    pub(super) list: List,
    pub(super) page: PageRequest,
    pub(super) shape: Shape,
}

/// Which list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum List {
    /// One for everybody.
    Public(PublicQuery),
    /// One for whoever is signed in.
    Desk(DeskQuery),
    /// Certain posts, in this order, as this side of them is.
    Certain(Side, Vec<PostId>),
}

/// How the rows look.
#[derive(Default)]
pub(super) struct Shape {
    /// The members that they have; all of them when absent.
    pub(super) fields: Option<Names<String>>,
    /// What is shown beside them.
    pub(super) include: Names<Related>,
}

/// The parameters as they were given.
struct Filters {
    status: Option<Wanted>,
    view: Option<Side>,
    /// All others, as far as they are there.
    given: Vec<Parameter>,
    category: Option<IdOrSlug<CategoryId>>,
    descendants: Option<Flag>,
    tag: Option<Tag>,
    author: Option<IdOrSlug<BylineId>>,
    locale: Option<Locale>,
    owner: Option<UserId>,
    after: Option<Timestamp>,
    before: Option<Timestamp>,
    since: Option<Timestamp>,
    ids: Option<Names<PostId>>,
    sort: Option<Order>,
    fields: Option<Names<String>>,
    include: Option<Names<Related>>,
    limit: Option<Limit>,
    cursor: Option<Cursor>,
}

impl Filters {
    fn read(params: &mut Params) -> Self {
        let status = params.optional("status", parameter::STATUS);
        let view = params.optional("view", parameter::VIEW);
        let mut given = Vec::new();
        let mut reading = Reading(params, &mut given);
        Self {
            status,
            view,
            category: reading.one(Parameter::Category),
            descendants: reading.one(Parameter::Descendants),
            tag: reading.one(Parameter::Tag),
            author: reading.one(Parameter::Author),
            locale: reading.one(Parameter::Locale),
            owner: reading.one(Parameter::Owner),
            after: reading.one(Parameter::PublishedAfter),
            before: reading.one(Parameter::PublishedBefore),
            since: reading.one(Parameter::UpdatedSince),
            ids: reading.one(Parameter::Ids),
            sort: reading.one(Parameter::Sort),
            fields: reading.one(Parameter::Fields),
            include: reading.one(Parameter::Include),
            limit: reading.one(Parameter::Limit),
            cursor: reading.one(Parameter::Cursor),
            given,
        }
    }

    /// The row that fits, with the parameters that depend on others.
    fn row(&self, params: &mut Params) -> Option<&'static Row> {
        let mut refuse = |refused: Misfit| {
            params.refuse(refused.name, "unknown_combination", refused.to_string())
        };
        let row = match table::row(self.status, self.view, &self.given) {
            Ok(row) => row,
            Err(misfit) => return refuse(misfit),
        };
        if self.descendants.is_some() && self.category.is_none() {
            return refuse(row.misfit(Parameter::Descendants));
        }
        if self.sort.is_some() && self.sort != row.order {
            return refuse(row.misfit(Parameter::Sort));
        }
        let known = PostRow::members(row.list.side());
        let unknown = self
            .fields
            .as_ref()
            .and_then(|fields| fields.unknown(&known));
        if let Some(unknown) = unknown {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            let detail = format!("can hold {}; {unknown:?} is none of them", known.join(", "));
            return params.refuse(Parameter::Fields.name(), "unknown_field", detail);
        }
        Some(row)
    }

    fn list(self, kind: Kind) -> Option<List> {
        let facets = Facets {
            category: self.category.map(|under| Filed {
                under,
                descendants: self.descendants == Some(Flag(true)),
            }),
            tag: self.tag,
            byline: self.author,
            locale: self.locale,
        };
        let owner = self.owner;
        let desk = |set| {
            List::Desk(DeskQuery {
                set,
                owner,
                facets: facets.clone(),
            })
        };
        Some(match kind {
            Kind::Published => List::Public(PublicQuery {
                facets,
                after: self.after,
                before: self.before,
            }),
            Kind::InStatus => desk(DeskSet::Status(self.status?.name()?)),
            Kind::Changed => desk(DeskSet::Changed),
            Kind::ChangedSince => desk(DeskSet::ChangedSince(self.since?)),
            Kind::LiveById | Kind::WorkingById => List::Certain(kind.side(), self.ids?.0),
        })
    }
}

/// Asks for one parameter after the other and notes which are there.
struct Reading<'a>(&'a mut Params, &'a mut Vec<Parameter>);

impl Reading<'_> {
    fn one<T: Text>(&mut self, parameter: Parameter) -> Option<T> {
        let Self(params, given) = self;
        let value = params.optional(parameter.name(), parameter.about());
        given.extend(value.is_some().then_some(parameter));
        value
    }
}

impl Parameters for ListPosts {
    fn read(params: &mut Params) -> Option<Self> {
        let mut filters = Filters::read(params);
        params.unsupported("q", "is not supported: there is no search yet");
        let row = filters.row(params)?;
        let page = PageRequest {
            limit: filters.limit.unwrap_or_default(),
            cursor: filters.cursor.take(),
        };
        let shape = Shape {
            fields: filters.fields.take(),
            include: filters.include.take().unwrap_or_default(),
        };
        Some(Self {
            list: filters.list(row.list)?,
            page,
            shape,
        })
    }
}
