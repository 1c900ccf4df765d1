use super::parsed_file::ParsedFile;
use crate::{bylines::BylineProfile, diagnostic::Diagnostic};

/// Maximum number of bylines of a post.
const MAX_BYLINES: usize = 5;

/// Returns the bylines of a file in order, each once, and a warning about authors left out.
pub(super) fn read(file: &ParsedFile<'_>) -> (Vec<BylineProfile>, Option<Diagnostic>) {
    let known = &file.settings.contents.bylines;
    let (mut bylines, mut left_out): (Vec<BylineProfile>, Vec<&str>) = (Vec::new(), Vec::new());
    for author in &file.meta.authors {
        match known.resolve(author, file.path) {
            Some(profile) if bylines.iter().any(|other| other.key == profile.key) => {}
            Some(profile) if bylines.len() < MAX_BYLINES => bylines.push(profile),
            _ => left_out.push(&author.name),
        }
    }
    let why =
        format!("a post has at most {MAX_BYLINES}, each with a name of at most 80 characters");
    let warning = Diagnostic::left_out("bad_author", "authors", &why, left_out);
    let line = file.line(&["author", "authors"]);
    (bylines, warning.map(|warning| warning.at(line)))
}
