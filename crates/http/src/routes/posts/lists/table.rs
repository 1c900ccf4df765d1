//! Which combinations of parameters the list of posts knows: one table. `docs/lists.md` shows it.

use std::fmt;

use tintero_domain::posts::StatusName;

use super::{
    parameter::Parameter,
    values::{Order, Side, Wanted},
};

/// A row of the table: the parameters with which one list is asked for.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) list: Kind,
    pub(super) about: &'static str,
    pub(super) status: &'static [Option<Wanted>],
    pub(super) view: &'static [Option<Side>],
    /// Must be given.
    pub(super) with: &'static [Parameter],
    /// May be given.
    pub(super) may: &'static [Parameter],
    /// The one order that `sort` may name.
    pub(super) order: Option<Order>,
}

/// What a list is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Published,
    InStatus,
    Changed,
    ChangedSince,
    LiveById,
    WorkingById,
}

impl Kind {
    /// Which copies its rows show.
    pub(super) fn side(self) -> Side {
        match self {
            Self::Published | Self::LiveById => Side::Live,
            Self::InStatus | Self::Changed | Self::ChangedSince | Self::WorkingById => {
                Side::Working
            }
        }
    }
}

use Parameter::{
    Author, Category, Cursor, Descendants, Fields, Ids, Include, Limit, Locale, Owner,
    PublishedAfter, PublishedBefore, Sort, Tag, UpdatedSince,
};
use Side::{Live, Working};
use StatusName::{Archived, Draft, Published, Scheduled, Trashed};
use Wanted::{Any, Only};

const PUBLISHED: &[Option<Wanted>] = &[None, Some(Only(Published))];

/// The statuses of posts that stand in no public list.
const UNPUBLISHED: &[Option<Wanted>] = &[
    Some(Only(Draft)),
    Some(Only(Scheduled)),
    Some(Only(Archived)),
    Some(Only(Trashed)),
];

/// What may narrow and shape every list of working copies.
const AT_THE_DESK: &[Parameter] = &[
    Owner,
    Category,
    Descendants,
    Tag,
    Author,
    Locale,
    Sort,
    Fields,
    Include,
    Limit,
    Cursor,
];

/// Every accepted combination; whatever fits no row is refused by name.
pub(super) const TABLE: [Row; 7] = [
    Row {
        list: Kind::Published,
        about: "What everybody sees",
        status: PUBLISHED,
        view: &[None, Some(Live)],
        with: &[],
        may: &[
            Category,
            Descendants,
            Tag,
            Author,
            Locale,
            PublishedAfter,
            PublishedBefore,
            Sort,
            Fields,
            Include,
            Limit,
            Cursor,
        ],
        order: Some(Order::NewestDate),
    },
    Row {
        list: Kind::InStatus,
        about: "Working copies in a status",
        status: UNPUBLISHED,
        view: &[None, Some(Working)],
        with: &[],
        may: AT_THE_DESK,
        order: Some(Order::NewestCreation),
    },
    Row {
        list: Kind::InStatus,
        about: "Working copies of what is published",
        status: &[Some(Only(Published))],
        view: &[Some(Working)],
        with: &[],
        may: AT_THE_DESK,
        order: Some(Order::NewestCreation),
    },
    Row {
        list: Kind::Changed,
        about: "All working copies",
        status: &[Some(Any)],
        view: &[None, Some(Working)],
        with: &[],
        may: AT_THE_DESK,
        order: Some(Order::LatestChange),
    },
    Row {
        list: Kind::ChangedSince,
        about: "Changes from a moment on",
        status: &[Some(Any)],
        view: &[None, Some(Working)],
        with: &[UpdatedSince],
        may: AT_THE_DESK,
        order: Some(Order::EarliestChange),
    },
    Row {
        list: Kind::LiveById,
        about: "What everybody sees of certain posts",
        status: PUBLISHED,
        view: &[None, Some(Live)],
        with: &[Ids],
        may: &[Fields, Include],
        order: None,
    },
    Row {
        list: Kind::WorkingById,
        about: "Certain working copies",
        status: &[Some(Any)],
        view: &[None, Some(Working)],
        with: &[Ids],
        may: &[Fields, Include],
        order: None,
    },
];

/// A parameter that does not go with the others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    pub(super) name: &'static str,
    /// The list that the others ask for, where that is clear.
    list: Option<&'static str>,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("does not go with the other parameters")?;
        match self.list {
            Some(list) => write!(f, ", which ask for this list: {list}"),
            None => Ok(()),
        }
    }
}

impl Row {
    /// A parameter that does not go with the others of this list.
    pub(super) fn misfit(&self, parameter: Parameter) -> Misfit {
        Misfit {
            name: parameter.name(),
            list: Some(self.about),
        }
    }
}

/// The row that fits, or the first parameter with which none fits.
pub(super) fn row(
    status: Option<Wanted>,
    view: Option<Side>,
    given: &[Parameter],
) -> Result<&'static Row, Misfit> {
    let unclear = |name| Misfit { name, list: None };
    let mut rows: Vec<&Row> = TABLE.iter().collect();
    rows.retain(|row| row.status.contains(&status));
    if rows.is_empty() {
        return Err(unclear("status"));
    }
    rows.retain(|row| row.view.contains(&view));
    rows.retain(|row| row.with.iter().all(|wanted| given.contains(wanted)));
    let row = rows.into_iter().max_by_key(|row| row.with.len());
    let row = row.ok_or_else(|| unclear("view"))?;
    let known = |name: &&Parameter| row.with.contains(name) || row.may.contains(name);
    match given.iter().find(|name| !known(name)) {
        Some(refused) => Err(row.misfit(*refused)),
        None => Ok(row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refused_parameter_is_the_one_that_goes_with_nothing() {
        let (draft, any) = (Some(Only(Draft)), Some(Any));
        for (status, view, given, refused) in [
            (None, Some(Working), &[][..], "view"),
            (draft, Some(Live), &[], "view"),
            (any, Some(Live), &[], "view"),
            (None, None, &[Tag, Owner], "owner"),
            (None, None, &[UpdatedSince], "updated_since"),
            (draft, None, &[UpdatedSince], "updated_since"),
            (draft, None, &[Ids], "ids"),
            (any, None, &[PublishedAfter], "published_after"),
            (None, None, &[Ids, Limit], "limit"),
            (None, None, &[Tag, Ids], "tag"),
            (any, None, &[Ids, UpdatedSince], "updated_since"),
        ] {
            assert_eq!(
                row(status, view, given).unwrap_err().name,
                refused,
                "{given:?}"
            );
        }
    }

    #[test]
    fn every_row_can_be_asked_for() {
        for wanted in &TABLE {
            let given = [wanted.with, wanted.may].concat();
            for (status, view) in wanted
                .status
                .iter()
                .flat_map(|status| wanted.view.iter().map(move |view| (*status, *view)))
            {
                assert_eq!(row(status, view, &given).unwrap().list, wanted.list);
                assert_eq!(row(status, view, wanted.with).unwrap().list, wanted.list);
            }
        }
    }
}
