//! The second factor of a user: an authenticator, and recovery codes for when it is lost.

mod code;
mod enrolment;
mod policy;
mod recovery_code;
mod removal;
mod sealer;
mod sign_in;
mod store;
mod totp;

pub use code::{AuthenticatorCode, SecondFactorCode};
pub use enrolment::{EnrolledFactor, FactorEnrolment, FactorStatus, NewFactor};
pub use policy::FactorPolicy;
pub use recovery_code::RecoveryCode;
pub use sealer::SecretSealer;
pub use sign_in::{FactorProof, PendingSignIn, SignInChallenge, SignInStep};
pub use store::{FactorConfirmation, FactorRemoval, FactorStore};
pub use totp::TotpSecret;
