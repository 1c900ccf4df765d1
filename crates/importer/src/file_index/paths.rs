use percent_encoding::percent_decode_str;

use crate::text::nfc;

/// Returns the ways to read a written path: as it is, without query, and each percent-decoded.
pub(super) fn spellings(written: &str) -> Vec<String> {
    let whole = written.trim();
    let bare = whole.split(['?', '#']).next().unwrap_or_default();
    let mut spellings: Vec<String> = Vec::new();
    for text in [whole, bare] {
        let decoded = percent_decode_str(text).decode_utf8();
        for spelling in [Some(nfc(text)), decoded.ok().map(|text| nfc(&text))] {
            spellings.extend(spelling.filter(|text| !text.is_empty()));
        }
    }
    spellings.sort_by_key(|text| text.len() != whole.len());
    spellings.dedup();
    spellings
}

/// Joins a path to a folder and resolves `.` and `..`. Returns `None` for a path outside the site.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Folds a path for comparison regardless of case.
pub(super) fn folded(path: &str) -> String {
    nfc(&path.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_resolved_within_the_site() {
        assert_eq!(
            joined("_posts/notes", "../../assets/./a.png").as_deref(),
            Some("assets/a.png")
        );
        assert_eq!(
            joined("", "/assets//a.png").as_deref(),
            Some("assets/a.png")
        );
        assert_eq!(joined("a", "../../b.png"), None);
        assert_eq!(joined("", "./"), None);
    }

    #[test]
    fn a_path_is_first_read_as_written() {
        assert_eq!(spellings(" a%20b.png?v=2 ")[0], "a%20b.png?v=2");
        assert!(spellings("a%20b.png?v=2").contains(&"a b.png".to_owned()));
        assert_eq!(spellings("a b.png"), ["a b.png"]);
    }
}
