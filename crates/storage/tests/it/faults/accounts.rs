//! Writes of accounts and keys.

use tintero_domain::{
    Result,
    accounts::{Lifetime, NewKey},
    values::Password,
};

use super::{
    deeds::Deed,
    stage::{Memory, Stage},
};
use crate::accounts::{ana, new_user, request};

/// A password other than that of a new user.
pub(super) fn other_password() -> Password {
    Password::chosen("staple correct horse".to_owned()).unwrap()
}

impl Stage {
    pub(super) async fn take_account(&self, memory: &mut Memory, deed: Deed) -> Result<()> {
        let (request, email) = (request(), ana());
        match deed {
            Deed::AddUser => self.accounts.add(&request, new_user()).await.map(drop),
            Deed::ResetPassword => {
                let password = other_password();
                self.accounts
                    .reset_password(&request, &email, &password)
                    .await
            }
            Deed::IssueKey => {
                let new = NewKey {
                    name: "robot".parse().unwrap(),
                    email,
                    scopes: "posts:read".parse().unwrap(),
                    lifetime: Lifetime::Endless,
                };
                let (issued, _) = self.keys.issue(&request, new).await?;
                memory.key = Some(issued.id);
                Ok(())
            }
            Deed::RevokeKey => self.keys.revoke(&request, memory.key.unwrap()).await,
            other => panic!("{other:?} is no write of accounts"),
        }
    }
}
