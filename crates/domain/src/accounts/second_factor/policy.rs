use crate::{
    access::{Assurance, Role},
    accounts::{IssuerProof, User},
    values::Timestamp,
};

/// The rules of an installation for second factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorPolicy {
    /// The roles that require one.
    pub required: Vec<Role>,
    /// Name of the installation in authenticators.
    pub label: String,
}

impl Default for FactorPolicy {
    fn default() -> Self {
        Self {
            required: Vec::new(),
            label: "Tintero".to_owned(),
        }
    }
}

impl FactorPolicy {
    /// The proof of a session that began at a time, perhaps through an issuer.
    pub(in crate::accounts) fn of_session(
        &self,
        user: &User,
        began: Timestamp,
        proof: IssuerProof,
    ) -> Assurance {
        match (proof.two_factors_at, user.second_factor_since) {
            (Some(at), _) => Assurance::TwoFactors(at),
            (None, Some(since)) if began <= since => Assurance::BeforeEnrolment,
            (None, Some(_)) => Assurance::TwoFactors(began),
            (None, None) => self.without_factor(proof.role.unwrap_or(user.role)),
        }
    }

    /// What an API key of the user proves.
    pub(in crate::accounts) fn of_key(&self, user: &User) -> Assurance {
        match user.second_factor_since {
            Some(_) => Assurance::Key,
            None => self.without_factor(user.role),
        }
    }

    /// What a token of a foreign issuer proves about a user with this role. `signed_in` is the time of a sign-in
    /// there with two factors.
    pub(in crate::accounts) fn of_issuer(
        &self,
        user: &User,
        role: Role,
        signed_in: Option<Timestamp>,
    ) -> Assurance {
        match (signed_in, self.without_factor(role)) {
            (Some(at), _) => Assurance::TwoFactors(at),
            (None, Assurance::OneFactor) if user.second_factor_since.is_some() => {
                Assurance::BeforeEnrolment
            }
            (None, other) => other,
        }
    }

    fn without_factor(&self, role: Role) -> Assurance {
        if self.required.contains(&role) {
            Assurance::EnrolmentDue
        } else {
            Assurance::OneFactor
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{UserId, UserStatus, Version};

    fn user(second_factor_since: Option<Timestamp>) -> User {
        let now = Timestamp::from_millis(0);
        User {
            id: UserId::new(uuid::Uuid::nil()),
            email: "ana@example.org".parse().unwrap(),
            display_name: "Ana".parse().unwrap(),
            language: None,
            bio: None,
            role: Role::Author,
            status: UserStatus::Active,
            created_at: now,
            updated_at: None,
            version: Version::FIRST,
            tokens_valid_from: now,
            second_factor_since,
        }
    }

    #[test]
    fn a_session_proves_what_the_user_entered_here_or_its_issuer_said() {
        let policy = FactorPolicy {
            required: vec![Role::Administrator],
            ..FactorPolicy::default()
        };
        let [enrolled, began, at] = [3_000, 5_000, 4_000].map(Timestamp::from_millis);
        let (without, with) = (user(None), user(Some(enrolled)));
        let proof = |role, two_factors_at| IssuerProof {
            role,
            two_factors_at,
        };
        let administrator = Some(Role::Administrator);
        for (user, began, proof, expected) in [
            (&without, began, proof(None, None), Assurance::OneFactor),
            (
                &with,
                began,
                proof(None, None),
                Assurance::TwoFactors(began),
            ),
            (
                &with,
                enrolled,
                proof(None, None),
                Assurance::BeforeEnrolment,
            ),
            (
                &without,
                began,
                proof(administrator, None),
                Assurance::EnrolmentDue,
            ),
            (
                &without,
                began,
                proof(administrator, Some(at)),
                Assurance::TwoFactors(at),
            ),
            (
                &with,
                enrolled,
                proof(None, Some(at)),
                Assurance::TwoFactors(at),
            ),
        ] {
            assert_eq!(policy.of_session(user, began, proof), expected);
        }
    }

    #[test]
    fn a_foreign_token_proves_what_its_issuer_says() {
        let policy = FactorPolicy {
            required: vec![Role::Administrator],
            ..FactorPolicy::default()
        };
        let at = Timestamp::from_millis(5_000);
        let (without, with) = (user(None), user(Some(at)));
        let (author, administrator) = (Role::Author, Role::Administrator);
        for (user, role, signed_in, expected) in [
            (&without, author, None, Assurance::OneFactor),
            (&with, author, None, Assurance::BeforeEnrolment),
            (&without, administrator, None, Assurance::EnrolmentDue),
            (&with, administrator, None, Assurance::EnrolmentDue),
            (&without, author, Some(at), Assurance::TwoFactors(at)),
            (&with, administrator, Some(at), Assurance::TwoFactors(at)),
        ] {
            assert_eq!(policy.of_issuer(user, role, signed_in), expected);
        }
    }
}
