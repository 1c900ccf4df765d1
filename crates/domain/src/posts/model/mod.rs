//! The state of a post: content, status, public copies, claimed addresses and revisions.

mod changes;
mod claims;
mod link_name;
mod link_progress;
mod live;
mod members;
mod post;
mod query;
mod revision;
mod status;

pub use changes::{ChangeTimes, change_times};
pub use claims::ClaimState;
pub use link_name::LinkName;
pub use link_progress::{ChangePosition, LinkProgress, LinkWalk};
pub use live::{Claim, LiveCopy, PublicSummary};
pub(super) use members::{members, value};
pub use post::{
    Content, ImportSource, Manuscript, ManuscriptRef, PackedManuscript, Post, PostState, Review,
    Seo, Translation, WorkingCopy,
};
pub use query::{CategoryFilter, DeskFacet, DeskQuery, DeskSet, Facets, PublicFacet, PublicQuery};
pub use revision::{RevisionCopy, RevisionRow, Saved};
pub use status::{Live, Phased, Span, Status};
