//! Writes of sessions.

use tintero_domain::{
    Result,
    access::Caller,
    accounts::{CookieToken, IdentityRule, RefreshToken},
};

use super::{
    accounts::foreign_token,
    fixture::{Created, Fixture, administrator},
    writes::TestWrite,
};
use crate::accounts::{ana, new_user, request};

impl Created {
    fn refresh_token(&self) -> &RefreshToken {
        let session = self.signed_in.as_ref().unwrap();
        session.refresh_token.as_ref().unwrap()
    }

    fn cookie(&self) -> &CookieToken {
        self.cookie.as_ref().unwrap()
    }
}

impl Fixture {
    pub(super) async fn write_session(
        &self,
        created: &mut Created,
        write: TestWrite,
    ) -> Result<()> {
        let (accounts, request) = (&self.accounts, request());
        let (email, password) = (ana(), new_user().password);
        let caller = Caller {
            user_id: created.user.as_ref().unwrap().id,
            ..administrator()
        };
        match write {
            TestWrite::SignIn => {
                let step = accounts.sign_in(&request, &email, &password).await?;
                created.signed_in = step.done();
            }
            TestWrite::SignInWithCookie => {
                let step = accounts.sign_in_browser(&request, &email, &password);
                created.cookie = step.await?.done().map(|session| session.token);
            }
            TestWrite::SignInWithIssuer => {
                let token = foreign_token(IdentityRule::Linked);
                let step = accounts.sign_in_with_issuer(&request, &token).await?;
                created.cookie = step.done().map(|session| session.token);
            }
            TestWrite::UseCookie => {
                accounts
                    .authenticate_cookie(created.cookie(), request)
                    .await?;
            }
            TestWrite::RefreshSession => {
                let refreshed = accounts.refresh(&request, created.refresh_token()).await?;
                created.signed_in = Some(refreshed);
            }
            TestWrite::SignOut => accounts.sign_out(&request, created.refresh_token()).await?,
            TestWrite::EndSession => {
                let family = created.refresh_token().id();
                accounts.end_session(&caller, family).await?;
            }
            TestWrite::SignOutEverywhere => accounts.end_all_sessions(&caller).await?,
            other => panic!("{other:?} does not write sessions"),
        }
        Ok(())
    }
}
