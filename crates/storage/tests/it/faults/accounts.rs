//! Writes of accounts and API keys.

use tintero_domain::{
    Result,
    access::Role,
    accounts::{Lifetime, NewKey},
    values::Password,
};

use super::{
    fixture::{Created, Fixture},
    writes::TestWrite,
};
use crate::{
    accounts::{ana, new_user, request},
    site::caller,
};

/// A password other than that of a new user.
pub(super) fn other_password() -> Password {
    Password::chosen("staple correct horse".to_owned()).unwrap()
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
                created.user = Some(user.id);
                Ok(())
            }
            TestWrite::ChangePassword => {
                let user = created.user.unwrap().uuid().as_u128();
                let (current, new) = (new_user().password, other_password());
                self.accounts
                    .change_password(&caller(Role::Editor, user), &current, &new)
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
            TestWrite::RevokeKey => self.keys.revoke(&request, created.key.unwrap()).await,
            other => panic!("{other:?} does not write accounts"),
        }
    }
}
