//! Shows the effective configuration and the table of all settings.

use std::fmt::Write;

use super::{Fallback, Loaded, SETTINGS};

/// The effective value of a setting. Secrets are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// Environment variable.
    pub variable: String,
    /// Value, or the meaning of its absence in parentheses.
    pub value: String,
    /// Source of the value.
    pub source: String,
}

/// Returns the effective value of every setting.
#[must_use]
pub fn effective(loaded: &Loaded) -> Vec<EffectiveSetting> {
    SETTINGS
        .iter()
        .map(|setting| {
            let (text, source) = loaded.origin(setting);
            let value = match (text, setting.fallback) {
                (Some(_), _) if setting.secret => "********".to_owned(),
                (Some(text), _) => text.to_owned(),
                (None, Fallback::Absent(meaning) | Fallback::Text(meaning)) => {
                    format!("({meaning})")
                }
            };
            EffectiveSetting {
                variable: setting.variable(),
                value,
                source: source.to_string(),
            }
        })
        .collect()
}

/// Returns the table of `docs/configuration.md` in Markdown.
#[must_use]
pub fn documentation() -> String {
    let mut table = String::from(
        "| Variable | Key in the file | Value | Default | Description |\n| --- | --- | --- | --- | --- |\n",
    );
    for setting in SETTINGS {
        let default = match setting.fallback {
            Fallback::Text(text) => format!("`{text}`"),
            Fallback::Absent(meaning) => meaning.to_owned(),
        };
        let secret = if setting.secret { " Secret." } else { "" };
        writeln!(
            table,
            "| `{}` | `{}` | {} | {default} | {}{secret} |",
            setting.variable(),
            setting.name,
            setting.form,
            setting.about.trim(),
        )
        .expect("writing to a String cannot fail");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    #[test]
    fn secrets_are_masked_and_sources_are_shown() {
        let environment = Environment::of(&[("TINTERO_ADMIN_PASSWORD", "correct horse battery")]);
        let rows = effective(&Loaded::from_sources(&environment, None).unwrap());
        let row = rows
            .iter()
            .find(|row| row.variable == "TINTERO_ADMIN_PASSWORD")
            .unwrap();
        assert_eq!(
            (row.value.as_str(), row.source.as_str()),
            ("********", "environment")
        );
    }

    #[test]
    fn the_documented_table_is_up_to_date() {
        let page = include_str!("../../../../docs/configuration.md");
        assert!(
            page.contains(&documentation()),
            "replace the table in docs/configuration.md with this one:\n{}",
            documentation()
        );
    }
}
