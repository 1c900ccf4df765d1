use crate::{
    access::{Assurance, Role},
    accounts::User,
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
    /// The proof of a session that began at a time.
    pub(in crate::accounts) fn of_session(&self, user: &User, began: Timestamp) -> Assurance {
        match user.second_factor_since {
            Some(since) if began <= since => Assurance::BeforeEnrolment,
            Some(_) => Assurance::TwoFactors(began),
            None => self.without_factor(user.role),
        }
    }

    /// What an API key of the user proves.
    pub(in crate::accounts) fn of_key(&self, user: &User) -> Assurance {
        match user.second_factor_since {
            Some(_) => Assurance::Key,
            None => self.without_factor(user.role),
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
