//! Writes of accounts and API keys.

use tintero_domain::{
    Result,
    access::{Authority, Caller, Role},
    accounts::{
        Acceptance, ForeignToken, Identity, IdentityRule, KeyRotation, Lifetime, NewInvitation,
        NewKey, UserDeletion, UserPatch,
    },
    values::{Email, Password},
};

use super::{
    fixture::{Created, Fixture, administrator},
    writes::TestWrite,
};
use crate::{
    accounts::{ana, new_user, request},
    site::DAWN,
};

/// A password other than that of a new user.
pub(super) fn other_password() -> Password {
    Password::chosen("staple correct horse").unwrap()
}

impl Fixture {
    pub(super) async fn write_account(
        &self,
        created: &mut Created,
        write: TestWrite,
    ) -> Result<()> {
        let (request, email) = (request(), ana());
        match write {
            TestWrite::AddUser => {
                let user = self.accounts.create_user(&request, new_user()).await?;
                created.user = Some(user);
                Ok(())
            }
            TestWrite::ChangePassword => {
                let caller = Caller {
                    user_id: created.user.as_ref().unwrap().id,
                    ..administrator()
                };
                let (current, new) = (new_user().password, other_password());
                self.accounts
                    .change_password(&caller, &current, &new)
                    .await
                    .map(drop)
            }
            TestWrite::RequestReset => {
                self.accounts
                    .request_password_reset(&request, &email)
                    .await?;
                created.reset = self.mailbox.tokens().pop();
                Ok(())
            }
            TestWrite::CompleteReset => {
                let token = created.reset.as_ref().unwrap();
                self.accounts
                    .complete_password_reset(&request, token, &other_password())
                    .await
            }
            TestWrite::ResetPassword => {
                let password = other_password();
                self.accounts
                    .reset_password(&request, &email, &password)
                    .await
            }
            TestWrite::IssueKey => {
                let new = NewKey {
                    name: "robot".parse().unwrap(),
                    email,
                    scopes: "posts:read".parse().unwrap(),
                    lifetime: Lifetime::Endless,
                };
                let (issued, _) = self.keys.issue(&request, new).await?;
                created.key = Some(issued.id);
                Ok(())
            }
            TestWrite::RotateKey => {
                let owner = self.users.find_by_email(&email).await?;
                let rotation = KeyRotation {
                    id: created.key.unwrap(),
                    overlap: KeyRotation::USUAL_OVERLAP,
                };
                let caller = Caller {
                    user_id: owner.id,
                    ..administrator()
                };
                self.keys.rotate(&caller, rotation).await.map(drop)
            }
            TestWrite::RevokeKey => self.keys.revoke(&request, created.key.unwrap()).await,
            TestWrite::LinkIdentity | TestWrite::UnlinkIdentity | TestWrite::AdmitIdentity => {
                self.write_identity(write).await
            }
            TestWrite::SignIn
            | TestWrite::SignInWithCookie
            | TestWrite::SignInWithIssuer
            | TestWrite::UseCookie
            | TestWrite::RefreshSession
            | TestWrite::EndSession
            | TestWrite::SignOut
            | TestWrite::SignOutEverywhere => self.write_session(created, write).await,
            TestWrite::BeginEnrolment
            | TestWrite::ConfirmEnrolment
            | TestWrite::RequestCode
            | TestWrite::SignInWithCode
            | TestWrite::SignInWithRecoveryCode
            | TestWrite::RenewRecoveryCodes
            | TestWrite::RemoveSecondFactor
            | TestWrite::RemoveOwnSecondFactor => self.write_factor(created, write).await,
            other => self.write_user(created, other).await,
        }
    }

    async fn write_identity(&self, write: TestWrite) -> Result<()> {
        let (request, email, identity) = (request(), ana(), identity());
        let operator = Authority::Operator(&request);
        match write {
            TestWrite::LinkIdentity => {
                self.accounts
                    .link_identity(operator, &email, identity)
                    .await
            }
            TestWrite::UnlinkIdentity => {
                let issuer = &identity.issuer;
                self.accounts
                    .unlink_identity(operator, &email, issuer)
                    .await
            }
            other => {
                assert_eq!(other, TestWrite::AdmitIdentity);
                let token = foreign_token(IdentityRule::Create(Role::Author));
                let admitted = self.accounts.authenticate_foreign(&token, request.clone());
                admitted.await.map(drop)
            }
        }
    }

    async fn write_user(&self, created: &mut Created, write: TestWrite) -> Result<()> {
        let caller = administrator();
        let authority = Authority::Caller(&caller);
        if write == TestWrite::InviteUser {
            let new = NewInvitation {
                email: bob(),
                display_name: "Bob".parse().unwrap(),
                role: Role::Author,
                language: None,
            };
            let invited = self.users.invite(authority, new).await?;
            created.user = Some(invited.user);
            created.invitation = Some(invited.token);
            return Ok(());
        }
        let user = created.user.clone().unwrap();
        let (id, base) = (user.id, Some(user.version));
        let changed = match write {
            TestWrite::RenewInvitation => {
                let invited = self.users.invite_again(authority, id).await?;
                created.invitation = Some(invited.token);
                invited.user
            }
            TestWrite::AcceptInvitation => {
                let acceptance = Acceptance {
                    password: other_password(),
                    display_name: None,
                    language: None,
                };
                let token = created.invitation.clone().unwrap();
                self.users.accept(&request(), &token, acceptance).await?
            }
            TestWrite::ChangeRole => {
                let patch = UserPatch {
                    role: Some(Role::Editor),
                    ..UserPatch::default()
                };
                self.users.update(authority, id, base, patch).await?
            }
            TestWrite::DisableUser => self.users.disable(authority, id, base).await?,
            TestWrite::EnableUser => self.users.enable(authority, id, base).await?,
            TestWrite::DeleteUser => {
                let deletion = UserDeletion {
                    id,
                    base,
                    reassign_to: self.users.find_by_email(&ana()).await?.id,
                };
                self.users.delete(authority, deletion).await?;
                user
            }
            other => panic!("{other:?} does not write accounts"),
        };
        created.user = Some(changed);
        Ok(())
    }
}

fn identity() -> Identity {
    Identity {
        issuer: "https://id.example.org".to_owned(),
        subject: "7f".to_owned(),
    }
}

/// A token of an identity with the address of Ana.
pub(super) fn foreign_token(admission: IdentityRule) -> ForeignToken {
    ForeignToken {
        identity: identity(),
        email: Some(ana()),
        name: None,
        issued_at: DAWN / 1000,
        role: None,
        two_factors_at: None,
        admission,
    }
}

pub(super) fn bob() -> Email {
    "bob@example.org".parse().unwrap()
}
