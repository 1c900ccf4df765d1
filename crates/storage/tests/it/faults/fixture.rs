//! A site with all services, and the resources that a test creates.

use std::sync::Arc;

use tintero_domain::{
    Result,
    access::{Caller, Role},
    accounts::{
        Accounts, ApiKeys, ChallengeToken, CookieToken, InvitationToken, RecoveryCode, ResetToken,
        SignedIn, User, Users,
    },
    bylines::{Byline, Bylines},
    images::{Image, Images},
    posts::WorkingCopy,
    redirects::{Redirect, Redirects},
    taxonomy::{Categories, Category},
    values::{ApiKeyId, ImageId},
};

use super::writes::TestWrite;
use crate::{
    accounts::{Mailbox, TestServer, server, users},
    api_keys::keys,
    images::images,
    redirects::redirects,
    site::{Site, caller, once, site},
    taxonomy::{bylines, categories},
};

pub(super) struct Fixture {
    pub(super) site: Site,
    pub(super) categories: Categories,
    pub(super) bylines: Bylines,
    pub(super) images: Images,
    pub(super) redirects: Redirects,
    pub(super) accounts: Accounts,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) users: Users,
    pub(super) keys: ApiKeys,
}

/// The latest known state of each created resource.
#[derive(Debug, Clone, Default)]
pub(super) struct Created {
    /// All states of the post, the latest last.
    pub(super) posts: Vec<WorkingCopy>,
    pub(super) category: Option<Category>,
    pub(super) byline: Option<Byline>,
    pub(super) image: Option<Image>,
    pub(super) upload: Option<ImageId>,
    pub(super) redirect: Option<Redirect>,
    pub(super) key: Option<ApiKeyId>,
    pub(super) user: Option<User>,
    pub(super) invitation: Option<InvitationToken>,
    pub(super) reset: Option<ResetToken>,
    /// The tokens of the last sign-in, and the session that it began.
    pub(super) signed_in: Option<SignedIn>,
    pub(super) cookie: Option<CookieToken>,
    /// The secret of the authenticator, in base32.
    pub(super) authenticator: Option<String>,
    pub(super) recovery_codes: Vec<RecoveryCode>,
    pub(super) challenge: Option<ChallengeToken>,
}

pub(super) fn administrator() -> Caller {
    caller(Role::Administrator, 1)
}

impl Fixture {
    /// A site after some writes.
    pub(super) async fn after(writes: &[TestWrite]) -> (Self, Created) {
        let fixture = Self::new().await;
        let mut created = Created::default();
        for write in writes {
            let done = fixture
                .execute(&mut created, *write, &administrator())
                .await;
            done.unwrap_or_else(|error| panic!("{write:?}: {error}"));
        }
        (fixture, created)
    }

    async fn new() -> Self {
        let site = site().await;
        site.posts.record_earlier_uses(|| true).await.unwrap();
        let TestServer {
            accounts, mailbox, ..
        } = server(&site);
        Self {
            categories: categories(&site),
            bylines: bylines(&site),
            images: images(&site),
            redirects: redirects(&site),
            accounts,
            mailbox,
            users: users(&site).0,
            keys: keys(&site),
            site,
        }
    }

    /// Executes a write, with an idempotency key if it supports one.
    pub(super) async fn attempt(&self, created: &Created, write: TestWrite) -> Result<()> {
        let caller = if write.supports_key() {
            once(administrator(), "key", "digest")
        } else {
            administrator()
        };
        self.execute(&mut created.clone(), write, &caller).await
    }

    async fn execute(
        &self,
        created: &mut Created,
        write: TestWrite,
        caller: &Caller,
    ) -> Result<()> {
        match write {
            TestWrite::AdvanceClock => self.site.clock.forward(3_600_000),
            TestWrite::RunCleanup => {
                self.site.posts.run_cleanup().await?;
            }
            TestWrite::CreateCategory
            | TestWrite::ChangeCategory
            | TestWrite::CreateByline
            | TestWrite::CreateOtherByline
            | TestWrite::ChangeByline
            | TestWrite::DeleteByline
            | TestWrite::MergeByline
            | TestWrite::UploadImage
            | TestWrite::ReceiveFile
            | TestWrite::CompleteUpload
            | TestWrite::DescribeImage
            | TestWrite::DeleteImage
            | TestWrite::RestoreImage
            | TestWrite::AdvanceTrash
            | TestWrite::EmptyTrash
            | TestWrite::CreateRedirect
            | TestWrite::ChangeSite
            | TestWrite::DeleteRedirect
            | TestWrite::RequestUnknownAddress
            | TestWrite::StoreUnknownAddresses
            | TestWrite::DismissUnknownAddress => {
                Box::pin(self.write_reference(created, write, caller)).await?;
            }
            TestWrite::AddUser
            | TestWrite::ResetPassword
            | TestWrite::ChangePassword
            | TestWrite::RequestReset
            | TestWrite::CompleteReset
            | TestWrite::SignIn
            | TestWrite::SignInWithCookie
            | TestWrite::UseCookie
            | TestWrite::RefreshSession
            | TestWrite::EndSession
            | TestWrite::SignOut
            | TestWrite::SignOutEverywhere
            | TestWrite::BeginEnrolment
            | TestWrite::ConfirmEnrolment
            | TestWrite::RequestCode
            | TestWrite::SignInWithCode
            | TestWrite::SignInWithRecoveryCode
            | TestWrite::RenewRecoveryCodes
            | TestWrite::RemoveSecondFactor
            | TestWrite::RemoveOwnSecondFactor
            | TestWrite::InviteUser
            | TestWrite::RenewInvitation
            | TestWrite::AcceptInvitation
            | TestWrite::ChangeRole
            | TestWrite::DisableUser
            | TestWrite::EnableUser
            | TestWrite::DeleteUser
            | TestWrite::LinkIdentity
            | TestWrite::UnlinkIdentity
            | TestWrite::AdmitIdentity
            | TestWrite::SignInWithIssuer
            | TestWrite::IssueKey
            | TestWrite::RotateKey
            | TestWrite::RevokeKey => {
                Box::pin(self.write_account(created, write)).await?;
            }
            _ => Box::pin(self.execute_post(created, write, caller)).await?,
        }
        Ok(())
    }
}
