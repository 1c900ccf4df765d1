use tintero_domain::access::Role;

use super::value::{SettingValue, list};

/// A list of roles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleList(Vec<Role>);

impl RoleList {
    /// The roles.
    #[must_use]
    pub fn as_slice(&self) -> &[Role] {
        &self.0
    }
}

impl SettingValue for RoleList {
    const FORM: &'static str = "roles separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        let role = |part: &str| {
            let known = Role::ALL.into_iter().find(|role| role.as_str() == part);
            known.ok_or_else(|| {
                let names = Role::ALL.map(Role::as_str).join(", ");
                format!("must be roles among {names}, but one is {part:?}")
            })
        };
        list(text, role).map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_named() {
        let roles = RoleList::parse("administrator, editor").unwrap();
        assert_eq!(roles.as_slice(), [Role::Administrator, Role::Editor]);
        assert!(RoleList::parse("admin").unwrap_err().contains("\"admin\""));
    }
}
