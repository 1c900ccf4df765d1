//! Rewrites tables of kramdown as tables of GitHub: with a header, a delimiter for each column, and no
//! bare `|` in code.

use super::source_lines::SourceLine;

/// The most columns that a header gets because rows below it are longer. Every row is filled up to them.
const MAX_WIDENED: usize = 50;

/// Returns the rows of a table with the lines of their sources, or `None` if the block is no table.
pub(super) fn arranged(block: &[SourceLine<'_>]) -> Option<Vec<(String, usize)>> {
    let first = block.first()?.text;
    let indentation = first.len() - first.trim_start_matches(' ').len();
    if indentation > 3
        || first
            .trim_start()
            .starts_with(['#', '>', '<', '*', '+', '\t'])
    {
        return None;
    }
    let is_item = first.trim_start().starts_with("- ");
    let rows: Option<Vec<TableLine>> = block.iter().map(TableLine::read).collect();
    let rows = rows.filter(|_| !is_item)?;
    let columns = rows
        .iter()
        .map(|row| row.cells.len().min(MAX_WIDENED))
        .max()?;
    let lead = rows.iter().take_while(|row| row.is_delimiter).count();
    let rest = &rows[lead..];
    let below = rest.iter().position(|row| row.is_delimiter);
    if rest.is_empty() || !is_table(rest, lead > 0 || below.is_some()) {
        return None;
    }
    let (header, delimiter) = match below {
        Some(1) => (Some(&rest[0]), Some(&rest[1])),
        _ => (None, rows.first().filter(|_| lead > 0)),
    };
    let number = header.map_or(rest[0].number, |header| header.number);
    let empty = Vec::new();
    let cells = header.map_or(&empty, |header| &header.cells);
    let columns = columns.max(cells.len());
    let mut table = vec![(written(cells, columns, ""), number)];
    let marks = delimiter.map_or(&empty, |row| &row.cells);
    let marks: Vec<String> = marks.iter().map(|mark| alignment(mark)).collect();
    table.push((written(&marks, columns, "---"), number));
    let body = rest.iter().skip(usize::from(header.is_some()));
    let body = body.filter(|row| !row.is_delimiter);
    // The library adds the cells that a row lacks.
    table.extend(body.map(|row| (written(&row.cells, row.cells.len(), ""), row.number)));
    Some(table)
}

/// Whether rows look like a table and not like prose with a `|`.
fn is_table(rows: &[TableLine], has_delimiter: bool) -> bool {
    let cells = rows.iter().filter(|row| !row.is_delimiter);
    let all_framed = cells.clone().all(|row| row.is_framed);
    let mut lengths = cells.map(|row| row.cells.len());
    let first = lengths.next().unwrap_or(0);
    let are_equal = first > 1 && lengths.all(|length| length == first);
    has_delimiter || all_framed || (rows.len() > 1 && are_equal)
}

fn alignment(mark: &str) -> String {
    let start = if mark.starts_with(':') { ":" } else { "" };
    let end = if mark.ends_with(':') { ":" } else { "" };
    format!("{start}---{end}")
}

fn written(cells: &[String], columns: usize, filler: &str) -> String {
    let mut row = String::from("|");
    for column in 0..columns {
        let cell = cells.get(column).map_or(filler, String::as_str);
        row.push(' ');
        row.push_str(cell);
        row.push_str(" |");
    }
    row.push('\n');
    row
}

struct TableLine {
    cells: Vec<String>,
    number: usize,
    is_delimiter: bool,
    /// Whether it begins with a `|`.
    is_framed: bool,
}

impl TableLine {
    /// Reads a line with at least one `|` between cells.
    fn read(line: &SourceLine<'_>) -> Option<Self> {
        let text = line.text.trim();
        let is_mark = |byte: u8| b"|-:=+ \t".contains(&byte);
        let is_delimiter = text.contains(['-', '=']) && text.bytes().all(is_mark);
        let text = if is_delimiter {
            text.replace('+', "|")
        } else {
            text.to_owned()
        };
        let cells = cells(&text)?;
        Some(Self {
            cells,
            number: line.number,
            is_delimiter,
            is_framed: text.starts_with('|'),
        })
    }
}

/// Splits a row at each `|` that is neither escaped nor in code. Escapes those in code.
fn cells(text: &str) -> Option<Vec<String>> {
    let mut cells = vec![String::new()];
    let mut rest = text.strip_prefix('|').unwrap_or(text);
    let mut splits = rest.len() < text.len();
    while let Some(letter) = rest.chars().next() {
        let cell = cells.last_mut()?;
        let length = match letter {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => code_length(rest),
            letter => letter.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        rest = after;
        match letter {
            '|' => {
                splits = true;
                if !rest.trim().is_empty() {
                    cells.push(String::new());
                }
            }
            '`' => cell.push_str(&part.replace("\\|", "|").replace('|', "\\|")),
            _ => cell.push_str(part),
        }
    }
    for cell in &mut cells {
        *cell = cell.trim().to_owned();
    }
    splits.then_some(cells)
}

/// The length of the code span at the start, or of its backticks if it does not end.
fn code_length(text: &str) -> usize {
    let marks = text.len() - text.trim_start_matches('`').len();
    let mut at = marks;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        at = start + run;
        if run == marks {
            return at;
        }
    }
    marks
}
