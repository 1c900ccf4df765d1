//! Every write of the product, and what must have happened before it.

/// A write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    CreatePost,
    EditPost,
    /// Based on the state before somebody else's edit.
    MergeEdit,
    RestoreRevision,
    PutAutosave,
    PublishPost,
    SchedulePost,
    UnschedulePost,
    ArchivePost,
    UnpublishPost,
    TrashPost,
    UntrashPost,
    PurgePost,
    /// The clock moves; no write.
    LetTimePass,
    KeepHouse,
    CreateCategory,
    ChangeCategory,
    CreateByline,
    ChangeByline,
    UploadImage,
    DescribeImage,
    CreateRedirect,
    DeleteRedirect,
    AddUser,
    ResetPassword,
    IssueKey,
    RevokeKey,
}

use Deed::*;

/// A row of the page: its name, what comes before, and the write.
pub(super) type Row = (&'static str, &'static [Deed], Deed);

/// Every write.
pub(super) const ROWS: &[Row] = &[
    ("create a post", &[CreateCategory], CreatePost),
    ("edit", &[CreatePost], EditPost),
    ("edit what is public", &[CreatePost, PublishPost], EditPost),
    (
        "merge a late edit",
        &[CreatePost, PutAutosave, EditPost],
        MergeEdit,
    ),
    (
        "restore a revision",
        &[CreatePost, EditPost, PutAutosave],
        RestoreRevision,
    ),
    ("autosave", &[CreatePost], PutAutosave),
    ("publish", &[CreateCategory, CreatePost], PublishPost),
    (
        "publish a change",
        &[CreatePost, PublishPost, EditPost],
        PublishPost,
    ),
    ("schedule", &[CreateCategory, CreatePost], SchedulePost),
    (
        "schedule a change",
        &[CreatePost, PublishPost, EditPost],
        SchedulePost,
    ),
    ("unschedule", &[CreatePost, SchedulePost], UnschedulePost),
    ("archive", &[CreatePost, PublishPost], ArchivePost),
    ("unpublish", &[CreatePost, PublishPost], UnpublishPost),
    ("trash", &[CreatePost, PublishPost], TrashPost),
    (
        "untrash",
        &[CreatePost, PublishPost, TrashPost],
        UntrashPost,
    ),
    ("purge", &[CreatePost, PublishPost, TrashPost], PurgePost),
    (
        "clear away what time ended",
        &[CreatePost, PublishPost, EditPost, SchedulePost, LetTimePass],
        KeepHouse,
    ),
    (
        "clear away what a purge left",
        &[CreatePost, PublishPost, TrashPost, PurgePost],
        KeepHouse,
    ),
    ("create a category", &[], CreateCategory),
    ("change a category", &[CreateCategory], ChangeCategory),
    ("create a byline", &[], CreateByline),
    ("change a byline", &[CreateByline], ChangeByline),
    ("upload an image", &[], UploadImage),
    (
        "upload an image that is waited for",
        &[CreatePost, PublishPost],
        UploadImage,
    ),
    ("describe an image", &[UploadImage], DescribeImage),
    ("create a redirect", &[], CreateRedirect),
    ("delete a redirect", &[CreateRedirect], DeleteRedirect),
    ("add a user", &[], AddUser),
    ("reset a password", &[AddUser], ResetPassword),
    ("issue an API key", &[AddUser], IssueKey),
    ("revoke an API key", &[AddUser, IssueKey], RevokeKey),
];

impl Deed {
    /// True when a repetition under its idempotency key is answered as the first time.
    pub(super) fn takes_a_key(self) -> bool {
        matches!(
            self,
            CreatePost
                | EditPost
                | MergeEdit
                | RestoreRevision
                | PublishPost
                | SchedulePost
                | UnschedulePost
                | ArchivePost
                | UnpublishPost
                | TrashPost
                | UntrashPost
        )
    }

    /// True when its answer holds a secret, which nobody keeps to repeat it.
    pub(super) fn makes_a_secret(self) -> bool {
        self == IssueKey
    }
}
