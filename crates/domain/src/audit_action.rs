//! The audit trail: every write records one of these actions in its own transaction.

use serde::{Deserialize, Serialize};

/// An action in the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// A post was created.
    CreatePost,
    /// A post was created and became public in the same write.
    CreatePublishedPost,
    /// A post's working copy was changed.
    UpdatePost,
    /// A post's working copy was restored from an earlier revision.
    RestorePost,
    /// A post's working copy became public.
    PublishPost,
    /// A post stopped being public.
    UnpublishPost,
    /// The public copies of a post were rendered again after an image upload.
    RenderPost,
    /// A post was scheduled.
    SchedulePost,
    /// The schedule of a post was discarded.
    UnschedulePost,
    /// A post was archived.
    ArchivePost,
    /// A post was moved to the trash.
    TrashPost,
    /// A post was restored from the trash.
    UntrashPost,
    /// A post was deleted permanently.
    PurgePost,
    /// Leftovers of a post were cleaned up.
    ClearPost,
    /// An inconsistent item was repaired.
    RepairItem,
    /// A category was created.
    CreateCategory,
    /// A category was renamed or moved.
    UpdateCategory,
    /// A category was merged into another.
    MergeCategory,
    /// A category was deleted.
    DeleteCategory,
    /// The list of a merged category was marked as empty.
    DrainCategory,
    /// A tag was renamed.
    RenameTag,
    /// A tag was merged into another.
    MergeTag,
    /// The list of a retired tag was marked as empty.
    DrainTag,
    /// An operation moved a post between lists.
    #[serde(rename = "refile_post")]
    RelocatePost,
    /// A redirect was created.
    CreateRedirect,
    /// A redirect was removed.
    RemoveRedirect,
    /// A byline was created.
    CreateByline,
    /// A byline was changed.
    UpdateByline,
    /// The settings of the site were changed.
    UpdateSite,
    /// An image was uploaded.
    UploadImage,
    /// The metadata of an image was changed.
    UpdateImage,
    /// An image was moved to the trash, or stays there longer.
    TrashImage,
    /// An image was restored from the trash.
    RestoreImage,
    /// An image was deleted permanently.
    PurgeImage,
    /// A sweep of the files of images was started.
    SweepImages,
    /// A byline was deleted.
    DeleteByline,
    /// A byline was merged into another.
    MergeByline,
    /// The list of a merged byline was marked as empty.
    DrainByline,
    /// A user was created.
    CreateUser,
    /// A user was invited, or an invitation was replaced.
    InviteUser,
    /// A user accepted an invitation.
    AcceptInvitation,
    /// The profile or the role of a user was changed.
    UpdateUser,
    /// A user was disabled.
    DisableUser,
    /// A user was enabled.
    EnableUser,
    /// The deletion of a user began or ended.
    DeleteUser,
    /// A post got another owner.
    ReassignPost,
    /// A user signed in.
    SignIn,
    /// A user signed in through a foreign issuer.
    SignInWithIssuer,
    /// A user sent the right password and must send a code.
    RequestCode,
    /// A user signed in with a recovery code.
    SignInWithRecoveryCode,
    /// The enrolment of a second factor began.
    BeginEnrolment,
    /// A second factor was enrolled.
    EnrolSecondFactor,
    /// The recovery codes of a second factor were replaced.
    RenewRecoveryCodes,
    /// A second factor was removed.
    RemoveSecondFactor,
    /// A refresh token was rotated.
    RefreshSession,
    /// A session was ended because a used refresh token was presented again.
    RevokeSession,
    /// A user signed out.
    SignOut,
    /// A user ended all of their sessions.
    SignOutEverywhere,
    /// A token to reset a password was requested.
    RequestPasswordReset,
    /// A password was reset.
    ResetPassword,
    /// A user changed their password.
    ChangePassword,
    /// A user was linked to an identity of a foreign issuer.
    LinkIdentity,
    /// The link between a user and an identity of a foreign issuer was removed.
    UnlinkIdentity,
    /// An API key was issued.
    IssueKey,
    /// An API key was replaced by a new one.
    RotateKey,
    /// An API key was revoked.
    RevokeKey,
    /// A runner acquired the lease of an operation.
    TakeOperation,
    /// A runner recorded the progress of an operation.
    AdvanceOperation,
    /// An operation ended.
    FinishOperation,
    /// A user cancelled an operation.
    CancelOperation,
}
