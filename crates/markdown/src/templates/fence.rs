/// Returns a fenced block with a longer fence than any in its content.
pub(crate) fn fenced(arguments: &str, content: &str) -> String {
    let is_name = |letter: &char| letter.is_alphanumeric() || "+-#_.".contains(*letter);
    let language: String = arguments.chars().take_while(is_name).collect();
    let fence = "`".repeat(3.max(longest_run(content) + 1));
    let first = if content.starts_with(['\n', '\r']) {
        ""
    } else {
        "\n"
    };
    let last_line = content.rsplit('\n').next().unwrap_or_default();
    let is_own_line = content.contains('\n') && last_line.trim_matches([' ', '\t', '>']).is_empty();
    let last = if is_own_line { "" } else { "\n" };
    format!("{fence}{language}{first}{content}{last}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
}
