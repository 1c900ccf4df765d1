use std::time::Duration;

use crate::{
    error::{Error, Result},
    values::Timestamp,
};

/// How the caller proved to be the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assurance {
    /// By one factor, and the user needs no other.
    #[default]
    OneFactor,
    /// By one factor, but the role requires a second one: the caller may only enrol it.
    EnrolmentDue,
    /// By two factors in a sign-in at this time, here or at a foreign issuer.
    TwoFactors(Timestamp),
    /// By one factor before the second one was enrolled, or at a foreign issuer.
    BeforeEnrolment,
    /// By an API key, whose user has a second factor.
    Key,
}

impl Assurance {
    /// Time after a sign-in in which access can be changed.
    pub const RECENT: Duration = Duration::from_mins(15);

    /// Fails if the role requires a second factor that the user does not have.
    pub(super) fn require_enrolled(self) -> Result<()> {
        if self == Self::EnrolmentDue {
            return Err(Error::SecondFactorRequired);
        }
        Ok(())
    }

    /// Fails if the session of a user with a second factor does not prove it. The user may have been cached before
    /// the enrolment.
    pub(super) fn require_factor(self) -> Result<()> {
        match self {
            Self::TwoFactors(_) => Ok(()),
            _ => Err(Error::SignInTooOld(Self::RECENT)),
        }
    }

    /// Fails if the user has a second factor and did not use it recently. An API key has the scopes that its
    /// user gave it.
    pub(super) fn require_recent(self, now: Timestamp) -> Result<()> {
        match self {
            Self::OneFactor | Self::EnrolmentDue | Self::Key => Ok(()),
            Self::TwoFactors(at) if now < at.after(Self::RECENT) => Ok(()),
            Self::TwoFactors(_) | Self::BeforeEnrolment => Err(Error::SignInTooOld(Self::RECENT)),
        }
    }
}
