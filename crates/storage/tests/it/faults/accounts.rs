//! Writes of accounts and API keys.

use tintero_domain::{
    Result,
    accounts::{Lifetime, NewKey},
    values::Password,
};

use super::{
    fixture::{Created, Fixture},
    writes::TestWrite,
};
use crate::accounts::{ana, new_user, request};

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
            TestWrite::AddUser => self
                .accounts
                .create_user(&request, new_user())
                .await
                .map(drop),
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
