use super::{FilePosition, FrontMatterError};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The language a front matter block is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Syntax {
    /// Between `---` and `---` or `...`.
    Yaml,
}

/// The text between two fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    /// Its language.
    pub syntax: Syntax,
    /// The lines between the fences, with their line ends.
    pub text: &'a str,
    /// The line of the whole file on which `text` begins.
    pub first_line: usize,
}

/// A file cut in two: `head` followed by `body` is the file, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitFile<'a> {
    /// Everything before the body: byte order mark, both fences and what is between them.
    pub head: &'a str,
    /// The front matter, when the file has one.
    pub block: Option<Block<'a>>,
    /// Everything after the closing fence's line.
    pub body: &'a str,
}

impl SplitFile<'_> {
    /// The line of the whole file on which the body begins, counted from one.
    #[must_use]
    pub fn body_line(&self) -> usize {
        1 + self.head.matches('\n').count()
    }
}

/// Cuts a file where its front matter ends, as Jekyll does: the first line is `---`, a later one
/// `---` or `...`, and each may end in white space. A fence that is never closed is no front
/// matter, since a Markdown text may begin with a rule.
///
/// # Errors
/// [`FrontMatterError::NotUtf8`], naming the line of the first wrong byte.
pub fn split(file: &[u8]) -> Result<SplitFile<'_>, FrontMatterError> {
    let text = decode(file)?;
    let start = if text.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len_utf8()
    } else {
        0
    };
    let Some((block, end)) = yaml_block(&text[start..]) else {
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

/// The block at the very start of `text`, and where its closing line ends.
fn yaml_block(text: &str) -> Option<(Block<'_>, usize)> {
    let mut lines = text.split_inclusive('\n');
    let opening = lines
        .next()
        .filter(|line| line.ends_with('\n') && is_fence(line, &["---"]))?;
    let mut end = opening.len();
    for line in lines {
        if is_fence(line, &["---", "..."]) {
            let block = Block {
                syntax: Syntax::Yaml,
                text: &text[opening.len()..end],
                first_line: 2,
            };
            return Some((block, end + line.len()));
        }
        end += line.len();
    }
    None
}

fn is_fence(line: &str, fences: &[&str]) -> bool {
    fences.contains(&line.trim_ascii_end())
}

/// The text of a file.
pub(crate) fn decode(file: &[u8]) -> Result<&str, FrontMatterError> {
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
    fn a_file_may_end_at_its_closing_fence() {
        let split = split(b"---\nname: Ana\n---").unwrap();
        assert_eq!((split.block.unwrap().text, split.body), ("name: Ana\n", ""));
    }

    #[test]
    fn a_rule_or_an_open_fence_is_no_front_matter() {
        assert_eq!(block_text("---\nJust a rule above.\n"), None);
        assert_eq!(block_text("Text\n---\na: 1\n---\n"), None);
        assert_eq!(block_text("----\na: 1\n---\n"), None);
        assert_eq!(block_text("---"), None);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_body() {
        assert_eq!(
            block_text("\u{feff}---\na: 1\n---\n").as_deref(),
            Some("a: 1\n")
        );
        assert_eq!(split("\u{feff}Hola".as_bytes()).unwrap().body, "Hola");
    }

    #[test]
    fn the_body_keeps_its_blank_lines_and_knows_its_line() {
        let split = split(b"---\na: 1\n---\n\n\nbody").unwrap();
        assert_eq!(split.body, "\n\nbody");
        assert_eq!(split.body_line(), 4);
    }

    #[test]
    fn latin_1_is_refused_with_a_place_and_a_hint() {
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
        fn head_and_body_recompose_the_file(
            parts in prop::collection::vec(
                prop_oneof![
                    Just("---".to_owned()), Just("...".to_owned()), Just("\n".to_owned()),
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
