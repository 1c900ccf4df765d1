//! Posts in DynamoDB. `records` shows what lies in the table, `store` and `history_store` what is asked of it, `changes`
//! how a write is put together, `lists` how pages are read.

mod autosaves;
mod changes;
mod counts;
mod filing;
mod history;
mod history_store;
mod lists;
mod live_copies;
mod names;
mod post_record;
mod records;
mod referents;
mod revisions;
mod rows;
mod store;
pub(crate) mod traces;
mod translations;
mod waiting;
mod wanted;
mod working_copies;

use std::time::Duration;

use moka::future::Cache;
use tintero_domain::values::Timestamp;

use crate::{categories::Categories, cursor::CursorKeys, dynamo::Dynamo, slugs::Slugs};

pub(crate) use self::{
    changes::{as_found, rewrite},
    counts::{TraceRecord, planned},
    live_copies::of as copies,
    names::names,
    records::{ClaimRecord, HolderRecord, PublicRow},
    revisions::RevisionRecord,
    rows::rows,
    translations::claim as translation,
    working_copies::{find_post, find_posts},
};

/// How long a server may go on with the plan that it knows.
const AGE: Duration = Duration::from_secs(5);

/// Keeps posts in DynamoDB.
#[derive(Debug, Clone)]
pub struct Posts {
    dynamo: Dynamo,
    cursors: CursorKeys,
    slugs: Slugs,
    categories: Categories,
    /// When what the public sees changes next by itself.
    next_change: Cache<(), Option<Timestamp>>,
}

impl Posts {
    /// The store over an installation's tables; `cursors` signs the positions in its lists, and
    /// `categories` knows the tree under which posts are filed.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys, categories: Categories) -> Self {
        Self {
            categories,
            slugs: Slugs::new(dynamo.clone()),
            next_change: Cache::builder().max_capacity(1).time_to_live(AGE).build(),
            dynamo,
            cursors,
        }
    }
}
