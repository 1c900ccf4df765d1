//! Writes of second factors.

use tintero_domain::{
    Result,
    access::{Authority, Caller},
    accounts::{SecondFactorCode, SignInStep},
};

use super::{
    fixture::{Created, Fixture, administrator},
    writes::TestWrite,
};
use crate::accounts::{ana, code_of, new_user, request};

impl Fixture {
    pub(super) async fn write_factor(&self, created: &mut Created, write: TestWrite) -> Result<()> {
        let id = created.user.as_ref().unwrap().id;
        let caller = Caller {
            user_id: id,
            ..administrator()
        };
        match write {
            TestWrite::BeginEnrolment => {
                let password = new_user().password;
                let begun = self.accounts.begin_enrolment(&caller, &password);
                created.authenticator = Some(begun.await?.secret);
            }
            TestWrite::ConfirmEnrolment => {
                let secret = created.authenticator.as_ref().unwrap();
                let code = code_of(secret, self.site.clock.as_ref());
                let codes = self.accounts.confirm_enrolment(&caller, &code).await?;
                created.recovery_codes = codes;
            }
            TestWrite::RequestCode => {
                let password = new_user().password;
                let step = self.accounts.sign_in(&request(), &ana(), &password).await?;
                let SignInStep::CodeRequired(pending) = step else {
                    panic!("a second factor is enrolled");
                };
                created.challenge = Some(pending.token);
            }
            TestWrite::SignInWithCode => {
                let secret = created.authenticator.as_ref().unwrap();
                let code = code_of(secret, self.site.clock.as_ref());
                let code = SecondFactorCode::Authenticator(code);
                self.complete_sign_in(created, &code).await?;
            }
            TestWrite::SignInWithRecoveryCode => {
                let code = SecondFactorCode::Recovery(created.recovery_codes[0].clone());
                self.complete_sign_in(created, &code).await?;
            }
            TestWrite::RenewRecoveryCodes => {
                self.accounts.renew_recovery_codes(&caller).await?;
            }
            TestWrite::RemoveOwnSecondFactor => self.accounts.remove_own_factor(&caller).await?,
            TestWrite::RemoveSecondFactor => {
                let administrator = administrator();
                let authority = Authority::Caller(&administrator);
                self.users.remove_factor(authority, id).await?;
            }
            other => panic!("{other:?} does not write second factors"),
        }
        Ok(())
    }

    async fn complete_sign_in(&self, created: &Created, code: &SecondFactorCode) -> Result<()> {
        let challenge = created.challenge.as_ref().unwrap();
        let request = request();
        let completed = self.accounts.complete_sign_in(&request, challenge, code);
        completed.await.map(drop)
    }
}
