//! The cost of hashing a password.

use super::value::SettingValue;

/// The cost of argon2id with one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Number of passes over the memory.
    pub passes: u32,
}

impl Argon2Cost {
    /// Most memory in KiB.
    const MAX_MEMORY: u32 = 1024 * 1024;
    /// Most passes.
    const MAX_PASSES: u32 = 32;

    /// The least memory in KiB for a number of passes, by the
    /// [OWASP cheat sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
    fn least_memory(passes: u32) -> u32 {
        if passes == 1 { 47_104 } else { 19_456 }
    }
}

impl Default for Argon2Cost {
    /// 19 MiB and two passes.
    fn default() -> Self {
        Self {
            memory: 19_456,
            passes: 2,
        }
    }
}

impl SettingValue for Argon2Cost {
    const FORM: &'static str = "`m=<KiB>,t=<passes>`";

    fn parse(text: &str) -> Result<Self, String> {
        let invalid = || {
            format!(
                "must be m=<KiB>,t=<passes> with at least m=19456,t=2 or m=47104,t=1, and at most m={},t={}, but is {text:?}",
                Self::MAX_MEMORY,
                Self::MAX_PASSES
            )
        };
        let parts = text.split_once(',').and_then(|(memory, passes)| {
            let memory = memory.trim().strip_prefix("m=")?.parse().ok()?;
            let passes = passes.trim().strip_prefix("t=")?.parse().ok()?;
            Some(Self { memory, passes })
        });
        let is_allowed = |cost: &Self| {
            let memories = Self::least_memory(cost.passes)..=Self::MAX_MEMORY;
            (1..=Self::MAX_PASSES).contains(&cost.passes) && memories.contains(&cost.memory)
        };
        parts.filter(is_allowed).ok_or_else(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_has_a_floor_and_a_ceiling() {
        assert_eq!(Argon2Cost::parse("m=19456,t=2"), Ok(Argon2Cost::default()));
        assert_eq!(
            Argon2Cost::parse("m=47104, t=1"),
            Ok(Argon2Cost {
                memory: 47_104,
                passes: 1
            })
        );
        for text in [
            "",
            "19456,2",
            "m=19455,t=2",
            "m=19456,t=1",
            "m=19456,t=0",
            "m=1048577,t=2",
            "m=19456,t=33",
            "m=19456",
            "t=2,m=19456",
        ] {
            assert!(Argon2Cost::parse(text).is_err(), "{text}");
        }
    }
}
