use super::sheet::Sheet;
use crate::{finding::Finding, people::Person, text::shown};

/// Most bylines of one post.
const MAX_BYLINES: usize = 5;

/// Who is credited with a file, in order, each once. Whoever cannot be is named in a warning.
pub(super) fn of(sheet: &Sheet<'_>) -> (Vec<Person>, Vec<Finding>) {
    let people = &sheet.reader.settings.around.people;
    let (mut credits, mut left_out): (Vec<Person>, Vec<&str>) = (Vec::new(), Vec::new());
    for author in &sheet.meta.authors {
        match people.credited(author, sheet.path) {
            Some(person) if credits.iter().any(|known| known.key == person.key) => {}
            Some(person) if credits.len() < MAX_BYLINES => credits.push(person),
            _ => left_out.push(&author.name),
        }
    }
    let list: Vec<String> = left_out
        .into_iter()
        .map(|name| format!("`{}`", shown(name)))
        .collect();
    let warning = (!list.is_empty()).then(|| Finding {
        line: sheet.line("author").or_else(|| sheet.line("authors")),
        ..Finding::new(
            "bad_author",
            format!(
                "authors were left out, since a post has at most {MAX_BYLINES} with a name of at most 80 characters: {}",
                list.join(", ")
            ),
        )
    });
    (credits, warning.into_iter().collect())
}
