/// The longest target, in bytes. The limit keeps the time linear for a line of brackets.
const MAX_LENGTH: usize = 2048;

/// Encodes the target of an image if it is a path with spaces. `source` begins after the opening
/// parenthesis. Returns the length of the target with its closing parenthesis, and the new target.
pub(super) fn repaired(source: &str) -> Option<(usize, String)> {
    let line = source[..longest(source)].trim_end_matches('\r');
    let (end, title) = end_of_target(line)?;
    let path = line[..title.unwrap_or(end)].trim();
    let has_spaces = path.contains([' ', '\t']);
    let is_path = path.contains(['/', '.']) && !path.starts_with('<') && !path.contains(['{', '"']);
    if !has_spaces || !is_path {
        return None;
    }
    let path = path.replace(' ', "%20").replace('\t', "%09");
    let title = title.map_or_else(String::new, |title| format!(" {}", line[title..end].trim()));
    Some((end + 1, format!("{path}{title})")))
}

/// The length of the text that can contain the target: the rest of the line, up to a limit.
pub(super) fn longest(source: &str) -> usize {
    let start = &source[..source.floor_char_boundary(MAX_LENGTH)];
    start.find('\n').unwrap_or(start.len())
}

/// Returns the position of the closing parenthesis and the start of a title before it.
fn end_of_target(line: &str) -> Option<(usize, Option<usize>)> {
    let mut depth = 0;
    let mut previous = ' ';
    // The quotation marks that begin no title. A later one of the same kind begins none either.
    let mut untitled = [None; 2];
    for (at, letter) in line.char_indices() {
        match letter {
            '"' | '\'' if previous == ' ' && !untitled.contains(&Some(letter)) => {
                if let Some(end) = end_of_title(&line[at..], letter) {
                    return Some((at + end, Some(at)));
                }
                untitled[usize::from(letter == '"')] = Some(letter);
            }
            '(' => depth += 1,
            ')' if depth == 0 => return Some((at, None)),
            ')' => depth -= 1,
            _ => {}
        }
        previous = letter;
    }
    None
}

/// Returns the position of the first parenthesis after a closing quote.
fn end_of_title(text: &str, quote: char) -> Option<usize> {
    let mut quotes = text
        .char_indices()
        .skip(1)
        .filter(|(_, letter)| *letter == quote);
    quotes.find_map(|(at, _)| {
        let after = &text[at + 1..];
        let spaces = after.len() - after.trim_start().len();
        after[spaces..].starts_with(')').then_some(at + 1 + spaces)
    })
}
