//! All writes with their preconditions.

/// A write, or a step before one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TestWrite {
    CreatePost,
    CreatePublishedPost,
    /// A post whose text is stored before the transaction.
    CreateLargePost,
    EditPost,
    /// An edit that changes nothing.
    EditNothing,
    /// An edit based on the revision before `EditPost`.
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
    /// Advances the clock by an hour.
    AdvanceClock,
    RunCleanup,
    CreateCategory,
    ChangeCategory,
    CreateByline,
    CreateOtherByline,
    ChangeByline,
    DeleteByline,
    MergeByline,
    UploadImage,
    ReceiveFile,
    CompleteUpload,
    DescribeImage,
    DeleteImage,
    RestoreImage,
    /// Advances the clock by the time in the trash.
    AdvanceTrash,
    EmptyTrash,
    SweepImages,
    CreateRedirect,
    ChangeSite,
    DeleteRedirect,
    /// Requests an unknown address, which is counted in memory.
    RequestUnknownAddress,
    StoreUnknownAddresses,
    DismissUnknownAddress,
    AddUser,
    ResetPassword,
    ChangePassword,
    RequestReset,
    CompleteReset,
    SignIn,
    SignInWithCookie,
    UseCookie,
    RefreshSession,
    EndSession,
    SignOut,
    SignOutEverywhere,
    BeginEnrolment,
    ConfirmEnrolment,
    RequestCode,
    SignInWithCode,
    SignInWithRecoveryCode,
    RenewRecoveryCodes,
    RemoveSecondFactor,
    RemoveOwnSecondFactor,
    InviteUser,
    RenewInvitation,
    AcceptInvitation,
    ChangeRole,
    DisableUser,
    EnableUser,
    DeleteUser,
    LinkIdentity,
    UnlinkIdentity,
    SignInWithIssuer,
    /// A request of an identity whose policy creates users.
    AdmitIdentity,
    IssueKey,
    RotateKey,
    RevokeKey,
}

use TestWrite::*;

/// A row of the page: its name, the writes before it, and the write.
pub(super) type FaultCase = (&'static str, &'static [TestWrite], TestWrite);

pub(super) const CASES: &[FaultCase] = &[
    ("create a post", &[CreateCategory], CreatePost),
    (
        "create a published post",
        &[CreateCategory],
        CreatePublishedPost,
    ),
    (
        "create a post with a large text",
        &[CreateCategory],
        CreateLargePost,
    ),
    ("edit", &[CreatePost], EditPost),
    ("edit a public post", &[CreatePost, PublishPost], EditPost),
    ("edit nothing", &[CreatePost], EditNothing),
    (
        "merge a stale edit",
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
        "clean up after a schedule",
        &[
            CreatePost,
            PublishPost,
            EditPost,
            SchedulePost,
            AdvanceClock,
        ],
        RunCleanup,
    ),
    (
        "clean up after a purge",
        &[CreatePost, PublishPost, TrashPost, PurgePost],
        RunCleanup,
    ),
    ("create a category", &[], CreateCategory),
    ("change a category", &[CreateCategory], ChangeCategory),
    ("create a byline", &[], CreateByline),
    ("change a byline", &[CreateByline], ChangeByline),
    ("delete a byline", &[CreateByline], DeleteByline),
    (
        "merge a byline",
        &[CreateByline, CreateOtherByline],
        MergeByline,
    ),
    ("upload an image", &[], UploadImage),
    (
        "upload an image that a post lacks",
        &[CreatePost, PublishPost],
        UploadImage,
    ),
    ("complete a direct upload", &[ReceiveFile], CompleteUpload),
    ("describe an image", &[UploadImage], DescribeImage),
    ("delete an image", &[UploadImage], DeleteImage),
    (
        "restore an image",
        &[UploadImage, DeleteImage],
        RestoreImage,
    ),
    (
        "empty the trash of images",
        &[UploadImage, DeleteImage, AdvanceTrash],
        EmptyTrash,
    ),
    ("sweep the files of images", &[], SweepImages),
    ("create a redirect", &[], CreateRedirect),
    ("change the settings of the site", &[], ChangeSite),
    ("delete a redirect", &[CreateRedirect], DeleteRedirect),
    (
        "store the requests for unknown addresses",
        &[RequestUnknownAddress],
        StoreUnknownAddresses,
    ),
    (
        "dismiss an unknown address",
        &[RequestUnknownAddress, StoreUnknownAddresses],
        DismissUnknownAddress,
    ),
    ("add a user", &[], AddUser),
    ("reset a password", &[AddUser], ResetPassword),
    ("change one's own password", &[AddUser], ChangePassword),
    ("request the reset of a password", &[AddUser], RequestReset),
    (
        "complete the reset of a password",
        &[AddUser, RequestReset],
        CompleteReset,
    ),
    ("sign in", &[AddUser], SignIn),
    ("sign in with a cookie", &[AddUser], SignInWithCookie),
    (
        "use a cookie after an hour",
        &[AddUser, SignInWithCookie, AdvanceClock],
        UseCookie,
    ),
    (
        "refresh a session",
        &[AddUser, SignIn, AdvanceClock],
        RefreshSession,
    ),
    ("sign out", &[AddUser, SignIn, SignIn], SignOut),
    (
        "end a session of one's own",
        &[AddUser, SignIn, SignIn],
        EndSession,
    ),
    (
        "sign out everywhere",
        &[AddUser, SignIn, SignIn],
        SignOutEverywhere,
    ),
    ("begin a second factor", &[AddUser], BeginEnrolment),
    (
        "confirm a second factor",
        &[AddUser, BeginEnrolment],
        ConfirmEnrolment,
    ),
    (
        "begin a sign-in with a second factor",
        &[AddUser, BeginEnrolment, ConfirmEnrolment],
        RequestCode,
    ),
    (
        "complete a sign-in with a code",
        &[
            AddUser,
            BeginEnrolment,
            ConfirmEnrolment,
            AdvanceClock,
            RequestCode,
        ],
        SignInWithCode,
    ),
    (
        "complete a sign-in with a recovery code",
        &[AddUser, BeginEnrolment, ConfirmEnrolment, RequestCode],
        SignInWithRecoveryCode,
    ),
    (
        "renew recovery codes",
        &[
            AddUser,
            BeginEnrolment,
            ConfirmEnrolment,
            RequestCode,
            SignInWithRecoveryCode,
        ],
        RenewRecoveryCodes,
    ),
    (
        "remove one's own second factor",
        &[AddUser, BeginEnrolment, ConfirmEnrolment],
        RemoveOwnSecondFactor,
    ),
    (
        "remove the second factor of a user",
        &[AddUser, BeginEnrolment, ConfirmEnrolment],
        RemoveSecondFactor,
    ),
    ("invite a user", &[], InviteUser),
    ("invite a user again", &[InviteUser], RenewInvitation),
    ("accept an invitation", &[InviteUser], AcceptInvitation),
    (
        "change a role",
        &[AddUser, InviteUser, AcceptInvitation],
        ChangeRole,
    ),
    (
        "disable a user",
        &[InviteUser, AcceptInvitation],
        DisableUser,
    ),
    (
        "enable a user",
        &[InviteUser, AcceptInvitation, DisableUser],
        EnableUser,
    ),
    (
        "delete a user",
        &[AddUser, InviteUser, AcceptInvitation],
        DeleteUser,
    ),
    ("link an identity", &[AddUser], LinkIdentity),
    (
        "unlink an identity",
        &[AddUser, LinkIdentity],
        UnlinkIdentity,
    ),
    (
        "sign in through an issuer",
        &[AddUser, LinkIdentity],
        SignInWithIssuer,
    ),
    ("create the user of an identity", &[], AdmitIdentity),
    ("issue an API key", &[AddUser], IssueKey),
    ("rotate an API key", &[AddUser, IssueKey], RotateKey),
    ("revoke an API key", &[AddUser, IssueKey], RevokeKey),
];

impl TestWrite {
    /// Whether the write accepts an idempotency key.
    pub(super) fn supports_key(self) -> bool {
        matches!(
            self,
            CreatePost
                | CreatePublishedPost
                | CreateLargePost
                | EditPost
                | EditNothing
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

    /// Whether a repetition after a lost response applies the write again: it creates another secret,
    /// because secrets are not stored, or adds a count again.
    pub(super) fn may_apply_twice(self) -> bool {
        matches!(
            self,
            IssueKey
                | RotateKey
                | RenewInvitation
                | StoreUnknownAddresses
                | SweepImages
                | RequestReset
                | SignIn
                | SignInWithCookie
                | SignInWithIssuer
                | BeginEnrolment
                | RequestCode
        )
    }
}
