//! The audit trail: every write records one of these actions in its own transaction.

use serde::{Deserialize, Serialize};

/// What can be done to the site, as the audit trail names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
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
    #[serde(rename = "refile_post")]
    RelocatePost,
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
