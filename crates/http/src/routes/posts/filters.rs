//! Which combinations of filters the list of posts knows: one table.

use tintero_domain::{
    page::PageRequest,
    posts::{DeskFacet, PublicFacet, StatusName},
    values::{BylineId, CategoryId, IdOrSlug, Locale, Tag, UserId},
};

use super::filter_values::{Side, Sort, Wanted};
use crate::extract::{Parameters, Params, page};

/// A list of posts that somebody asked for.
pub(super) struct ListPosts {
    pub(super) list: List,
    pub(super) page: PageRequest,
}

/// Which list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum List {
    /// One for everybody.
    Public(PublicFacet),
    /// One for whoever is signed in.
    Desk(DeskFacet),
}

/// A row of the table: the values and the parameters with which a list is asked for.
struct Row {
    list: fn(&Filters) -> Option<List>,
    status: &'static [Option<Wanted>],
    view: &'static [Option<Side>],
    /// Must be given.
    with: &'static [&'static str],
    /// May be given.
    may: &'static [&'static str],
}

use Side::{Live, Working};
use StatusName::{Archived, Draft, Published, Scheduled, Trashed};
use Wanted::{Any, Only};

/// The statuses of posts that stand in no public list.
const UNPUBLISHED: [Option<Wanted>; 4] = [
    Some(Only(Draft)),
    Some(Only(Scheduled)),
    Some(Only(Archived)),
    Some(Only(Trashed)),
];

/// Every accepted combination; whatever fits no row is refused by name.
const TABLE: [Row; 10] = [
    row(
        latest,
        &[None, Some(Only(Published))],
        &[None, Some(Live)],
        &[],
    ),
    row(
        tagged,
        &[None, Some(Only(Published))],
        &[None, Some(Live)],
        &["tag"],
    ),
    row(
        in_locale,
        &[None, Some(Only(Published))],
        &[None, Some(Live)],
        &["locale"],
    ),
    row(
        in_category,
        &[None, Some(Only(Published))],
        &[None, Some(Live)],
        &["category"],
    ),
    row(
        by_author,
        &[None, Some(Only(Published))],
        &[None, Some(Live)],
        &["author"],
    ),
    row(by_status, &UNPUBLISHED, &[None, Some(Working)], &[]),
    row(by_status, &[Some(Only(Published))], &[Some(Working)], &[]),
    row(by_owner, &UNPUBLISHED, &[None, Some(Working)], &["owner"]),
    row(
        by_owner,
        &[Some(Only(Published))],
        &[Some(Working)],
        &["owner"],
    ),
    Row {
        may: &["sort"],
        ..row(latest_change, &[Some(Any)], &[None, Some(Working)], &[])
    },
];

const fn row(
    list: fn(&Filters) -> Option<List>,
    status: &'static [Option<Wanted>],
    view: &'static [Option<Side>],
    with: &'static [&'static str],
) -> Row {
    Row {
        list,
        status,
        view,
        with,
        may: &[],
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the rows of the table have one type"
)]
fn latest(_: &Filters) -> Option<List> {
    Some(List::Public(PublicFacet::Latest))
}

fn tagged(filters: &Filters) -> Option<List> {
    Some(List::Public(PublicFacet::Tag(filters.tag.clone()?)))
}

fn in_locale(filters: &Filters) -> Option<List> {
    Some(List::Public(PublicFacet::Locale(filters.locale.clone()?)))
}

fn in_category(filters: &Filters) -> Option<List> {
    Some(List::Public(PublicFacet::Category(
        filters.category.clone()?,
    )))
}

fn by_author(filters: &Filters) -> Option<List> {
    Some(List::Public(PublicFacet::Byline(filters.author.clone()?)))
}

fn by_status(filters: &Filters) -> Option<List> {
    Some(List::Desk(DeskFacet::Status(filters.status?.name()?)))
}

fn by_owner(filters: &Filters) -> Option<List> {
    Some(List::Desk(DeskFacet::Owner(
        filters.owner?,
        filters.status?.name()?,
    )))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the rows of the table have one type"
)]
fn latest_change(_: &Filters) -> Option<List> {
    Some(List::Desk(DeskFacet::Updated))
}

/// The filters as they were given.
#[derive(Default)]
struct Filters {
    status: Option<Wanted>,
    view: Option<Side>,
    tag: Option<Tag>,
    locale: Option<Locale>,
    category: Option<IdOrSlug<CategoryId>>,
    author: Option<IdOrSlug<BylineId>>,
    owner: Option<UserId>,
    sort: Option<Sort>,
}

impl Filters {
    fn read(params: &mut Params) -> Self {
        Self {
            status: params.optional(
                "status",
                "Which posts; published when absent. All others need a token.",
            ),
            view: params.optional(
                "view",
                "Live copies or working copies; `status=published&view=working` needs a token.",
            ),
            tag: params.optional(
                "tag",
                "Published posts with this tag; letter case does not matter.",
            ),
            locale: params.optional("locale", "Published posts in this language (BCP 47)."),
            category: params.optional(
                "category",
                "Published posts filed directly under this category, by id or slug.",
            ),
            author: params.optional(
                "author",
                "Published posts credited to this byline, by id or slug.",
            ),
            owner: params.optional("owner", "A user's posts in one status."),
            sort: params.optional("sort", "Only with `status=any`, which has no other order."),
        }
    }

    /// The row that fits, or the first parameter with which none fits any more.
    fn row(&self) -> Result<&'static Row, &'static str> {
        let mut rows: Vec<&Row> = TABLE.iter().collect();
        let mut keep = |name, fits: &dyn Fn(&Row) -> bool| {
            rows.retain(|row| fits(row));
            if rows.is_empty() { Err(name) } else { Ok(()) }
        };
        keep("status", &|row| row.status.contains(&self.status))?;
        keep("view", &|row| row.view.contains(&self.view))?;
        for (name, given) in [
            ("tag", self.tag.is_some()),
            ("locale", self.locale.is_some()),
            ("category", self.category.is_some()),
            ("author", self.author.is_some()),
            ("owner", self.owner.is_some()),
            ("sort", self.sort.is_some()),
        ] {
            keep(name, &|row| {
                given == row.with.contains(&name) || given && row.may.contains(&name)
            })?;
        }
        rows.first().copied().ok_or("status")
    }
}

impl Parameters for ListPosts {
    fn read(params: &mut Params) -> Option<Self> {
        let filters = Filters::read(params);
        params.unsupported("q", "is not supported: there is no search yet");
        let page = page(params);
        let list = match filters.row() {
            Ok(row) => (row.list)(&filters),
            Err(name) => params.refuse(
                name,
                "unknown_combination",
                "does not go with the other parameters",
            ),
        };
        Some(Self { list: list?, page })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters() -> Filters {
        Filters::default()
    }

    fn refused_for(filters: &Filters) -> &'static str {
        filters.row().err().unwrap()
    }

    #[test]
    fn the_refused_parameter_is_the_one_that_goes_with_nothing() {
        let tag = "rust".parse::<Tag>().ok();
        let locale = "es".parse::<Locale>().ok();
        assert_eq!(
            refused_for(&Filters {
                tag: tag.clone(),
                locale: locale.clone(),
                ..filters()
            }),
            "locale"
        );
        assert_eq!(
            refused_for(&Filters {
                view: Some(Working),
                ..filters()
            }),
            "view"
        );
        assert_eq!(
            refused_for(&Filters {
                status: Some(Any),
                tag,
                ..filters()
            }),
            "tag"
        );
        assert_eq!(
            refused_for(&Filters {
                sort: Some(Sort),
                ..filters()
            }),
            "sort"
        );
        let owner = "01912d68-783e-7a03-8467-5661c1243ad4".parse().ok();
        assert_eq!(refused_for(&Filters { owner, ..filters() }), "owner");
    }

    #[test]
    fn a_row_gives_the_list_that_it_names() {
        let draft = Filters {
            status: Some(Only(Draft)),
            ..filters()
        };
        assert_eq!(
            (draft.row().ok().unwrap().list)(&draft),
            Some(List::Desk(DeskFacet::Status(Draft)))
        );
        let any = Filters {
            status: Some(Any),
            sort: Some(Sort),
            ..filters()
        };
        assert_eq!(
            (any.row().ok().unwrap().list)(&any),
            Some(List::Desk(DeskFacet::Updated))
        );
        let plain = filters();
        assert_eq!(
            (plain.row().ok().unwrap().list)(&plain),
            Some(List::Public(PublicFacet::Latest))
        );
    }
}
