//! An act: what every write carries into its transaction, so that none goes unrecorded.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    operations::Lease,
    posts::Standing,
    values::{ApiKeyId, Revision, Timestamp, UserId},
};

/// Who does what, when, in which request. The store writes it beside the effect, atomically.
#[derive(Debug, Clone)]
pub struct Act {
    /// Names the act: a UUID of version 7. Also the token under which the store retries safely.
    pub id: Uuid,
    /// Who acts; nobody is signed in while a password or a refresh token is still being checked,
    /// and when an operator acts from the command line.
    pub actor: Option<UserId>,
    /// The API key with which it is done, or to which.
    pub key: Option<ApiKeyId>,
    /// What is done.
    pub action: Action,
    /// When.
    pub at: Timestamp,
    /// The request that asked for it.
    pub request_id: String,
    /// The client's wish that a repetition has no second effect.
    pub idempotency: Option<IdempotencyClaim>,
    /// The lease of the operation of which this does one item: it is counted with the effect, and
    /// nothing happens when somebody else has the lease by then.
    pub step: Option<Lease>,
}

/// What can be done to the site, as the audit trail names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A post was created.
    CreatePost,
    /// A post's working copy was changed.
    UpdatePost,
    /// A post's working copy was made anew from an earlier revision.
    RestorePost,
    /// A post's working copy became public.
    PublishPost,
    /// A post stopped being public.
    UnpublishPost,
    /// A post's live copy was rendered again, because an image came.
    RenderPost,
    /// It was planned when a post becomes public, or vanishes.
    SchedulePost,
    /// Such a plan was given up.
    UnschedulePost,
    /// A post was taken out of all lists and kept at its address.
    ArchivePost,
    /// A post was put into the trash.
    TrashPost,
    /// A post was taken out of the trash.
    UntrashPost,
    /// A post was removed for ever.
    PurgePost,
    /// What time has ended of a post was cleared away.
    ClearPost,
    /// An item that broke a rule between items was put right.
    RepairItem,
    /// A category was created.
    CreateCategory,
    /// A category was renamed or moved.
    UpdateCategory,
    /// A category was merged into another.
    MergeCategory,
    /// A category was deleted.
    DeleteCategory,
    /// No post lies in the list of a merged category any more.
    DrainCategory,
    /// A tag was renamed.
    RenameTag,
    /// A tag was merged into another.
    MergeTag,
    /// No post lies in the list of a tag that went any more.
    DrainTag,
    /// A post was moved between lists in the course of an operation.
    RefilePost,
    /// A redirect was made.
    CreateRedirect,
    /// A redirect was removed.
    RemoveRedirect,
    /// A byline was created.
    CreateByline,
    /// A byline was changed.
    UpdateByline,
    /// An image was uploaded.
    UploadImage,
    /// What is said of an image was changed.
    UpdateImage,
    /// A user was created.
    CreateUser,
    /// Somebody signed in.
    SignIn,
    /// A session was continued with a new pair of tokens.
    RefreshSession,
    /// A used refresh token was presented again, so its session was ended.
    RevokeSession,
    /// Somebody signed out.
    SignOut,
    /// A password was set anew.
    ResetPassword,
    /// An API key was issued.
    IssueKey,
    /// An API key was revoked.
    RevokeKey,
    /// A runner began, or went on, with an operation.
    TakeOperation,
    /// A runner wrote down how far an operation is.
    AdvanceOperation,
    /// An operation ended.
    FinishOperation,
    /// Somebody wanted an operation to stop.
    CancelOperation,
}

/// A client's `Idempotency-Key`, bound to who sent it and to the request that it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyClaim {
    /// The key, 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 over method, path, query and body, in lower-case hexadecimal.
    pub request_digest: String,
}

/// What is remembered of a write that carried an `Idempotency-Key`: enough to give the same
/// answer again from the immutable revision. Kept for 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectRecord {
    /// The digest of the request that had the effect.
    pub request_digest: String,
    /// How the post stood after it.
    pub standing: Standing,
    /// What it was merged of, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedFrom>,
}

/// The two states of a post that a write brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedFrom {
    /// The revision on which it was based.
    pub base: Revision,
    /// The one that it found there.
    pub theirs: Revision,
}
