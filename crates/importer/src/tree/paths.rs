use percent_encoding::percent_decode_str;

use crate::text::nfc;

/// The ways to read a written path: as it is, without a query, and each percent-decoded.
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

/// A path below a folder with its dots worked out, or none when it leads out of the site. A path
/// that begins with a slash begins at the site's root.
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

/// The last part of a path.
pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The form in which letter case tells nothing apart.
pub(super) fn folded(path: &str) -> String {
    nfc(&path.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_worked_out_and_never_lead_out() {
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
    fn a_path_is_read_as_it_is_before_anything_is_undone() {
        assert_eq!(spellings(" a%20b.png?v=2 ")[0], "a%20b.png?v=2");
        assert!(spellings("a%20b.png?v=2").contains(&"a b.png".to_owned()));
        assert_eq!(spellings("a b.png"), ["a b.png"]);
    }
}
