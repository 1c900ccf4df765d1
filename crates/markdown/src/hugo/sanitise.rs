use unicode_normalization::char::is_combining_mark;

/// Cleans a path as Hugo does: keeps letters, digits, marks and `./\_#+~-@`, and turns white space
/// between them into hyphens.
pub(super) fn sanitised(path: &str) -> String {
    let letters: Vec<char> = path.chars().collect();
    let mut clean = String::with_capacity(path.len());
    let (mut has_gap, mut after_hyphen) = (false, false);
    for (at, &letter) in letters.iter().enumerate() {
        let is_escape = || {
            let digits = letters.get(at + 1..at + 3);
            letter == '%' && digits.is_some_and(|digits| digits.iter().all(char::is_ascii_hexdigit))
        };
        let is_kept = letter.is_alphanumeric()
            || is_combining_mark(letter)
            || "./\\_#+~-@".contains(letter)
            || is_escape();
        if is_kept {
            after_hyphen = letter == '-';
            if has_gap && !after_hyphen {
                clean.push('-');
            }
            has_gap = false;
            clean.push(letter);
        } else if letter.is_whitespace() && !clean.is_empty() && !after_hyphen {
            has_gap = true;
        }
    }
    clean
}
