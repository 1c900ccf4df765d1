/// Elements that are no part of a paragraph.
const BLOCKS: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "iframe",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
    "video",
];

/// Adds paragraphs to a text of the classic editor of WordPress, which writes them as blank lines and shows
/// single line breaks. A text of the block editor has paragraphs.
pub(super) fn with_paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    if text.contains("<!-- wp:") {
        return text;
    }
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.as_str();
    while let Some(start) = rest.find("<pre") {
        let end = rest[start..]
            .find("</pre>")
            .map(|end| start + end + "</pre>".len());
        let end = end.unwrap_or(rest.len());
        add_paragraphs(&mut html, &rest[..start]);
        html.push_str(&rest[start..end]);
        html.push_str("\n\n");
        rest = &rest[end..];
    }
    add_paragraphs(&mut html, rest);
    html
}

fn add_paragraphs(html: &mut String, text: &str) {
    for part in text.split("\n\n") {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        if is_block(part) {
            html.push_str(part);
        } else {
            html.push_str("<p>");
            html.push_str(&part.replace('\n', "<br>\n"));
            html.push_str("</p>");
        }
        html.push_str("\n\n");
    }
}

fn is_block(part: &str) -> bool {
    let Some(tag) = part.strip_prefix('<') else {
        return false;
    };
    let name: String = tag
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    tag.starts_with("!--") || BLOCKS.contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_paragraphs() {
        assert_eq!(
            with_paragraphs("One\r\ntwo\r\n\r\n<h2>T</h2>\n\n<pre>a\n\nb</pre>\n\n<b>x</b>"),
            "<p>One<br>\ntwo</p>\n\n<h2>T</h2>\n\n<pre>a\n\nb</pre>\n\n<p><b>x</b></p>\n\n"
        );
        let blocks = "<!-- wp:paragraph -->\n<p>a</p>\n\nb";
        assert_eq!(with_paragraphs(blocks), blocks);
    }
}
