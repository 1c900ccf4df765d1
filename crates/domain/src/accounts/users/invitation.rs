//! Invitations: single-use tokens with which invited users set their password.

use std::{fmt, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{UserAcceptance, UserUpdate, Users};
use crate::{
    access::{Authority, Permission, RequestContext, Role},
    accounts::{HashTurn, Mail, User, password_reset::require_apart},
    audit_action::AuditAction,
    error::{Error, Result, SignInFault},
    retry::retry_on_conflict,
    values::{DisplayName, Email, Locale, Password, Timestamp, UserId, UserStatus, Version},
};

/// A user to be invited.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// E-mail address of the account.
    pub email: Email,
    /// Display name, which the user can change.
    pub display_name: DisplayName,
    /// Role of the user.
    pub role: Role,
    /// Preferred language.
    pub language: Option<Locale>,
}

/// What an invited user sends with the token.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The new password.
    pub password: Password,
    /// Replaces the display name of the invitation.
    pub display_name: Option<DisplayName>,
    /// Replaces the language of the invitation.
    pub language: Option<Locale>,
}

/// An invited user with the secret, which is not stored.
#[derive(Debug, Clone)]
pub struct InvitedUser {
    /// The user.
    pub user: User,
    /// The token for the user.
    pub token: InvitationToken,
    /// Expiry of the token.
    pub expires_at: Timestamp,
}

/// A stored invitation. A user has at most one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The invited user.
    pub user_id: UserId,
    /// [`InvitationToken::digest`].
    pub digest: String,
    /// Expiry.
    pub expires_at: Timestamp,
}

impl Invitation {
    /// Lifetime of an invitation: 7 days.
    pub const LIFETIME: Duration = Duration::from_hours(7 * 24);

    fn admits(&self, presented: &InvitationToken, now: Timestamp) -> bool {
        let matches = presented
            .digest()
            .as_bytes()
            .ct_eq(self.digest.as_bytes())
            .into();
        matches && self.expires_at > now
    }
}

/// The token of an invitation: `<user>.<secret>`. The store keeps only a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken {
    user_id: UserId,
    secret: [u8; 32],
}

impl InvitationToken {
    /// Creates a token.
    #[must_use]
    pub fn new(user_id: UserId, secret: [u8; 32]) -> Self {
        Self { user_id, secret }
    }

    /// Parses a presented token. `None` if it does not have the form of an invitation.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (user, secret) = text.split_once('.')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?;
        Some(Self {
            user_id: UserId::new(Uuid::try_parse(user).ok()?),
            secret: secret.try_into().ok()?,
        })
    }

    /// The invited user.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.user_id
    }

    /// SHA-256 of the secret, in lower-case hexadecimal. A fast digest is sufficient, because the
    /// secret has 256 random bits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.secret))
    }

    /// The token's text.
    #[must_use]
    pub fn expose(&self) -> String {
        let user = self.user_id.uuid().simple();
        format!("{user}.{}", URL_SAFE_NO_PAD.encode(self.secret))
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InvitationToken({}.…)", self.user_id)
    }
}

impl Users {
    /// Creates a user without a password, and a token with which the user sets one. Sends it to the user by mail, too.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Taken`] if a user has the e-mail address.
    pub async fn invite(
        &self,
        authority: Authority<'_>,
        new: NewInvitation,
    ) -> Result<InvitedUser> {
        authority.require(Permission::ManageUsers)?;
        let now = self.accounts.clock.now();
        authority.require_recent(now)?;
        let user = User {
            id: UserId::new(self.accounts.ids.next()),
            email: new.email,
            display_name: new.display_name,
            language: new.language,
            bio: None,
            role: new.role,
            status: UserStatus::Invited,
            created_at: now,
            updated_at: None,
            version: Version::FIRST,
            tokens_valid_from: now,
            second_factor_since: None,
        };
        let (token, invitation) = self.new_token(user.id, now);
        let ids = self.accounts.ids.as_ref();
        let context = authority.context(AuditAction::InviteUser, ids, now);
        self.store
            .insert_invited(&context, &user, &invitation)
            .await?;
        Ok(self.sent(InvitedUser {
            user,
            token,
            expires_at: invitation.expires_at,
        }))
    }

    /// Sends the token to the user.
    fn sent(&self, invited: InvitedUser) -> InvitedUser {
        self.accounts.mailer.send(Mail::Invitation {
            to: invited.user.email.clone(),
            language: invited.user.language.clone(),
            token: invited.token.clone(),
            valid_for: Invitation::LIFETIME,
        });
        invited
    }

    /// Replaces the token of an invited user. The earlier one becomes invalid.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::UserStatus`] if the user is not invited.
    pub async fn invite_again(&self, authority: Authority<'_>, id: UserId) -> Result<InvitedUser> {
        authority.require(Permission::ManageUsers)?;
        authority.require_recent(self.accounts.clock.now())?;
        let invited = retry_on_conflict(|| async {
            let before = self.require(id).await?;
            if before.status != UserStatus::Invited {
                return Err(Error::UserStatus(before.status));
            }
            let now = self.accounts.clock.now();
            let after = before.next(now);
            let (token, invitation) = self.new_token(id, now);
            let ids = self.accounts.ids.as_ref();
            let context = authority.context(AuditAction::InviteUser, ids, now);
            let update = UserUpdate {
                before: &before,
                after: &after,
                remaining: None,
            };
            let stored = self.store.update(&context, update, Some(&invitation));
            Ok(stored.await?.applied(InvitedUser {
                user: after,
                token,
                expires_at: invitation.expires_at,
            }))
        })
        .await?;
        Ok(self.sent(invited))
    }

    /// Sets the password of an invited user, who can sign in from then on. A token is valid once.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] without the reason.
    pub async fn accept(
        &self,
        request: &RequestContext,
        token: &InvitationToken,
        acceptance: Acceptance,
    ) -> Result<User> {
        let refused = || Error::Unauthenticated(SignInFault::Invitation);
        let now = self.accounts.clock.now();
        let invitation = self.store.find_invitation(token.user_id).await?;
        if !invitation.is_some_and(|invitation| invitation.admits(token, now)) {
            return Err(refused());
        }
        let before = self.store.find(token.user_id).await?;
        let before = before.filter(|user| user.status == UserStatus::Invited);
        let before = before.ok_or_else(refused)?;
        // Only the holder of a valid token makes the server hash.
        require_apart(&acceptance.password, &before.email, "/password")?;
        let turn = HashTurn::proven(&request.sender);
        let hash = (self.accounts.passwords)
            .hash(&acceptance.password, turn)
            .await?;
        let after = User {
            status: UserStatus::Active,
            display_name: acceptance
                .display_name
                .unwrap_or_else(|| before.display_name.clone()),
            language: acceptance.language.or_else(|| before.language.clone()),
            tokens_valid_from: now.not_before(before.tokens_valid_from),
            ..before.next(now)
        };
        let action = AuditAction::AcceptInvitation;
        let context = (self.accounts).context(request, Some(before.id), action, now);
        let acceptance = UserAcceptance {
            before: &before,
            after: &after,
            digest: &token.digest(),
            hash: &hash,
        };
        let stored = self.store.accept(&context, &acceptance).await?;
        stored.applied(after).ok_or_else(refused)
    }

    fn new_token(&self, user_id: UserId, now: Timestamp) -> (InvitationToken, Invitation) {
        let token = InvitationToken::new(user_id, self.accounts.entropy.secret());
        let invitation = Invitation {
            user_id,
            digest: token.digest(),
            expires_at: now.after(Invitation::LIFETIME),
        };
        (token, invitation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_debug_shows_no_secret() {
        let token = InvitationToken::new(UserId::new(Uuid::from_u128(7)), [9; 32]);
        assert_eq!(InvitationToken::parse(&token.expose()), Some(token.clone()));
        assert!(!format!("{token:?}").contains(&URL_SAFE_NO_PAD.encode([9; 32])));
        for text in ["", ".", "a.b", "00000000000000000000000000000007.", "é.é"] {
            assert_eq!(InvitationToken::parse(text), None);
        }
    }

    #[test]
    fn an_invitation_admits_its_token_until_it_expires() {
        let user_id = UserId::new(Uuid::from_u128(7));
        let token = InvitationToken::new(user_id, [9; 32]);
        let end = Timestamp::from_millis(1_000);
        let invitation = Invitation {
            user_id,
            digest: token.digest(),
            expires_at: end,
        };
        assert!(invitation.admits(&token, Timestamp::from_millis(999)));
        assert!(!invitation.admits(&token, end));
        let other = InvitationToken::new(user_id, [8; 32]);
        assert!(!invitation.admits(&other, Timestamp::from_millis(0)));
    }
}
