use super::{FilePosition, FrontMatterError};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The YAML between the fences `---` and `---` or `...`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    /// The lines between the fences with their line ends.
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

/// Splits a file after its front matter, as Jekyll does: the first line is `---`, the last one `---`
/// or `...`, and both can end in white space. An open fence is not front matter, because a Markdown
/// text can begin with a rule.
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

/// Returns the block at the start of `text` and the end of its closing fence.
fn yaml_block(text: &str) -> Option<(Block<'_>, usize)> {
    let mut lines = text.split_inclusive('\n');
    let opening = lines
        .next()
        .filter(|line| line.ends_with('\n') && is_fence(line, &["---"]))?;
    let mut end = opening.len();
    for line in lines {
        if is_fence(line, &["---", "..."]) {
            let block = Block {
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
