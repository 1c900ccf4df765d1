//! Parses Markdown to a document whose size is bounded before and during the parse.

use comrak::{Arena, Node, Options, try_parse_document};

use super::nesting;
use crate::budget::{Budget, Stopped, TextLimit, within};

/// The steps of the parser between two of its questions whether to stop, weighted by their cost.
const PARSER_STEPS: usize = 256 * 8;

/// Returns the options of GitHub's Markdown, the default of Jekyll, with the supported extensions of
/// kramdown.
pub(super) fn options(source: &str, budget: &Budget) -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.autolink = true;
    options.extension.footnotes = footnotes(source) <= TextLimit::Footnotes.max();
    options.extension.description_lists = true;
    options.extension.math_dollars = true;
    // The page is sanitised afterwards.
    options.render.r#unsafe = true;
    if !options.extension.footnotes {
        // Each footnote adds some hundred bytes of HTML.
        budget.simplify(TextLimit::Footnotes);
    }
    options
}

/// Counts notes and references to notes. The result can be too high.
fn footnotes(source: &str) -> u64 {
    source.matches("[^").count() as u64
}

/// Parses a text. Replaces nodes below the maximum depth by their text.
pub(super) fn parse<'a>(
    arena: &'a Arena<'a>,
    source: &str,
    options: &Options<'_>,
    budget: &Budget,
) -> Result<Node<'a>, Stopped> {
    budget.spend(source.len())?;
    within(TextLimit::Marks, marks(source))?;
    within(TextLimit::TableCells, table_cells(source))?;
    let stops = || budget.spend(PARSER_STEPS).is_err();
    let Ok(root) = try_parse_document(arena, source, options, &stops) else {
        // Spending nothing returns the reason again.
        budget.spend(0)?;
        return Err(Stopped::Cancelled);
    };
    nesting::limit(root, budget);
    Ok(root)
}

/// Counts the characters that can begin or end a node. Each node takes some hundred bytes of memory.
fn marks(source: &str) -> u64 {
    let is_mark = |byte: &u8| byte.is_ascii_punctuation() || *byte == b'\n';
    source.bytes().filter(is_mark).count() as u64
}

/// Counts the cells of tables: for each line below a delimiter row as many as the row has. The result
/// can be too high. The parser adds the missing cells of short rows.
fn table_cells(source: &str) -> u64 {
    let (mut cells, mut columns) = (0, 0);
    for line in source.lines() {
        let line = line.trim_start_matches([' ', '\t', '>']);
        if line.is_empty() {
            columns = 0;
        } else if let Some(delimiters) = delimiters(line) {
            columns = columns.max(delimiters);
        }
        cells += columns;
    }
    cells
}

/// Returns the number of columns if the line is a delimiter row.
fn delimiters(line: &str) -> Option<u64> {
    let is_row = |byte: u8| b"|-: \t\r".contains(&byte);
    let is_delimiters = line.contains('-') && line.bytes().all(is_row);
    is_delimiters.then(|| 1 + line.matches('|').count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_cells_of_short_rows_are_counted() {
        assert_eq!(table_cells("a|b\n-|-\n|\n|\n\nc|d\n"), 6);
        assert_eq!(table_cells("> a|b|c\n> |:-|-:|-\n> x\n"), 8);
        assert_eq!(table_cells("a|b\nc|d\n"), 0);
    }

    #[test]
    fn prose_has_few_marks() {
        let prose = "A sentence of words, and a second part.\n".repeat(1000);
        assert_eq!(marks(&prose), 3000);
    }
}
