use serde::de::IgnoredAny;

use super::{FilePosition, FrontMatterError};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The language of a front matter block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// YAML between `---` and `---` or `...`.
    Yaml,
    /// TOML between two lines `+++`.
    Toml,
    /// A JSON object without fences.
    Json,
}

/// The front matter of a file without its fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    /// The language.
    pub syntax: Syntax,
    /// The lines between the fences with their line ends, or the JSON object.
    pub text: &'a str,
    /// The first line of `text` in the whole file.
    pub first_line: usize,
}

/// A file in two parts: `head` followed by `body` is the file, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitFile<'a> {
    /// Everything before the body: byte order mark, fences and block.
    pub head: &'a str,
    /// The front matter, if the file has any.
    pub block: Option<Block<'a>>,
    /// Everything after the line of the closing fence.
    pub body: &'a str,
}

/// Splits a file after its front matter, as Jekyll, Hugo and Zola do. The first line is `---` for YAML,
/// `+++` for TOML, or begins a JSON object; fences can end in white space. An open fence is not front
/// matter, because a Markdown text can begin with a rule.
///
/// # Errors
/// Fails with [`FrontMatterError::NotUtf8`] at the first invalid byte.
pub fn split(file: &[u8]) -> Result<SplitFile<'_>, FrontMatterError> {
    let text = decode(file)?;
    let start = if text.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len_utf8()
    } else {
        0
    };
    let after_mark = &text[start..];
    let block = fenced(after_mark, Syntax::Yaml, "---", &["---", "..."])
        .or_else(|| fenced(after_mark, Syntax::Toml, "+++", &["+++"]))
        .or_else(|| json_object(after_mark));
    let Some((block, end)) = block else {
        let (head, body) = text.split_at(start);
        return Ok(SplitFile {
            head,
            block: None,
            body,
        });
    };
    let (head, body) = text.split_at(start + end);
    Ok(SplitFile {
        head,
        block: Some(block),
        body,
    })
}

/// Returns the block at the start of `text` and the end of its closing fence.
fn fenced<'a>(
    text: &'a str,
    syntax: Syntax,
    opening: &str,
    closing: &[&str],
) -> Option<(Block<'a>, usize)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines
        .next()
        .filter(|line| line.ends_with('\n') && is_fence(line, &[opening]))?;
    let mut end = first.len();
    for line in lines {
        if is_fence(line, closing) {
            let block = Block {
                syntax,
                text: &text[first.len()..end],
                first_line: 2,
            };
            return Some((block, end + line.len()));
        }
        end += line.len();
    }
    None
}

/// Returns the JSON object at the start of `text` and the end of its last line. Liquid such as
/// `{% include a.html %}` is not JSON.
fn json_object(text: &str) -> Option<(Block<'_>, usize)> {
    if !text.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    let length = values.byte_offset();
    let rest = &text[length..];
    let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    let block = Block {
        syntax: Syntax::Json,
        text: &text[..length],
        first_line: 1,
    };
    rest[..line_end]
        .trim()
        .is_empty()
        .then_some((block, length + line_end))
}

fn is_fence(line: &str, fences: &[&str]) -> bool {
    fences.contains(&line.trim_ascii_end())
}

/// Returns the text of a file.
///
/// # Errors
/// Fails with [`FrontMatterError::NotUtf8`] at the first invalid byte.
pub fn decode(file: &[u8]) -> Result<&str, FrontMatterError> {
    str::from_utf8(file).map_err(|error| not_utf8(&file[..error.valid_up_to()]))
}

fn not_utf8(valid: &[u8]) -> FrontMatterError {
    let valid = String::from_utf8_lossy(valid);
    let last_line = valid.rsplit('\n').next().unwrap_or_default();
    let at = FilePosition {
        line: 1 + valid.matches('\n').count(),
        column: 1 + last_line.chars().count(),
    };
    FrontMatterError::NotUtf8 { at }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block_text(file: &str) -> Option<String> {
        split(file.as_bytes())
            .unwrap()
            .block
            .map(|block| block.text.to_owned())
    }

    #[test]
    fn both_closing_fences_end_the_block() {
        assert_eq!(
            block_text("---\na: 1\n---\nbody").as_deref(),
            Some("a: 1\n")
        );
        assert_eq!(
            block_text("---\na: 1\n...\nbody").as_deref(),
            Some("a: 1\n")
        );
    }

    #[test]
    fn trailing_spaces_and_windows_line_ends_are_allowed() {
        let split = split(b"---  \r\na: 1\r\n--- \r\nbody\r\n").unwrap();
        assert_eq!(split.block.unwrap().text, "a: 1\r\n");
        assert_eq!(split.body, "body\r\n");
    }

    #[test]
    fn an_empty_block_is_a_block() {
        assert_eq!(block_text("---\n---\n").as_deref(), Some(""));
    }

    #[test]
    fn a_file_can_end_at_its_closing_fence() {
        let split = split(b"---\nname: Ana\n---").unwrap();
        assert_eq!((split.block.unwrap().text, split.body), ("name: Ana\n", ""));
    }

    #[test]
    fn a_rule_or_an_open_fence_is_not_front_matter() {
        assert_eq!(block_text("---\nJust a rule above.\n"), None);
        assert_eq!(block_text("Text\n---\na: 1\n---\n"), None);
        assert_eq!(block_text("----\na: 1\n---\n"), None);
        assert_eq!(block_text("---"), None);
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_body() {
        assert_eq!(
            block_text("\u{feff}---\na: 1\n---\n").as_deref(),
            Some("a: 1\n")
        );
        assert_eq!(split("\u{feff}Hola".as_bytes()).unwrap().body, "Hola");
    }

    #[test]
    fn toml_and_json_are_front_matter() {
        let toml = split(b"+++\r\ntitle = \"A\"\n+++ \nbody").unwrap();
        let block = toml.block.unwrap();
        assert_eq!(
            (block.syntax, block.text),
            (Syntax::Toml, "title = \"A\"\n")
        );
        assert_eq!(toml.body, "body");
        let json = split(b"{\n\t\"title\": \"}\"\n} \r\nbody").unwrap();
        assert_eq!(json.block.unwrap().syntax, Syntax::Json);
        assert_eq!((json.block.unwrap().first_line, json.body), (1, "body"));
    }

    #[test]
    fn liquid_and_shortcodes_are_not_json() {
        for text in [
            "{% include a.html %}\n",
            "{{ page.title }}\n",
            "{}text\n",
            "{\"a\": 1} b\n",
            "{\"a\": 1",
            "+++\nopen = 1\n",
        ] {
            assert_eq!(block_text(text), None, "{text}");
        }
    }

    #[test]
    fn the_body_keeps_its_blank_lines() {
        let split = split(b"---\na: 1\n---\n\n\nbody").unwrap();
        assert_eq!(split.body, "\n\nbody");
    }

    #[test]
    fn latin_1_is_rejected_with_a_position_and_a_hint() {
        let error = split(b"---\ntitle: Programaci\xf3n\n---\n").unwrap_err();
        assert_eq!(
            error.position(),
            Some(FilePosition {
                line: 2,
                column: 18
            })
        );
        assert!(error.to_string().contains("save the file as UTF-8"));
    }

    proptest! {
        #[test]
        fn head_and_body_are_the_file(
            parts in prop::collection::vec(
                prop_oneof![
                    Just("---".to_owned()), Just("+++".to_owned()), Just("{}".to_owned()), Just("...".to_owned()), Just("\n".to_owned()),
                    Just("\r\n".to_owned()), Just(" ".to_owned()), Just("\u{feff}".to_owned()), ".{0,12}",
                ],
                0..24,
            )
        ) {
            let file = parts.concat();
            let split = split(file.as_bytes()).unwrap();
            prop_assert_eq!(format!("{}{}", split.head, split.body), file);
        }
    }
}
