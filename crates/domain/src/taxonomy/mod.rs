//! Categories and tags: a tree of categories, free keywords, and the aliases of those that were
//! merged or renamed.
//!
//! A merge has two parts. One transaction replaces the category or tag by an alias; from then on,
//! every reader and writer resolves the old name to the new one. Afterwards an
//! [operation](crate::operations) relocates the posts from the old list to the new one.

mod aliases;
mod categories;
mod relocation_worker;
mod retirement;
mod store;
mod tags;
mod tree;

pub use aliases::Alias;
pub use categories::{
    Categories, Category, CategoryDetails, CategoryLookup, CategoryPatch, CategoryRemoval,
    FormerSlug, NewCategory,
};
pub use relocation_worker::RelocationWorker;
pub use retirement::{
    BylineTombstone, CategoryTombstone, MAX_RETIRED, Retirement, RetirementPrecondition,
    RetirementWrite, TagTombstone, Tombstone,
};
pub(crate) use retirement::{Merger, check_room};
pub use store::{CategoryStore, TagStore, TaxonomyStore};
pub use tags::{TagAliases, TagCounts, Tags, UsedTag};
pub use tree::{TooWide, Tree, TreeVersion};
