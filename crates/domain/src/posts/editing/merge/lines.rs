use std::{collections::VecDeque, ops::Range};

use similar::DiffTag;

use crate::{
    posts::Hunk,
    text_work::{Budget, diff_lines},
};

/// Merges two versions of a text line by line. Returns the conflicting hunks if changes overlap.
///
/// Changes overlap if no unchanged line is between them. If each text uses one kind of line ending
/// throughout, the kind is merged as a separate value, so changing only line endings never
/// conflicts. Each pass counts its steps, so the merge ends with its request. A line break at the end of the text belongs to its last line. Texts that differ too much for
/// the budget are one conflicting hunk.
pub(in crate::posts) fn merge_lines(
    base: &str,
    current: &str,
    yours: &str,
    budget: &Budget,
) -> Result<String, Vec<Hunk>> {
    if base == current {
        return Ok(yours.to_owned());
    }
    if base == yours || current == yours {
        return Ok(current.to_owned());
    }
    let Some(endings) = Endings::of(base, current, yours) else {
        return merge_exactly(base, current, yours, budget);
    };
    let [base, current, yours] = [base, current, yours].map(|text| text.replace("\r\n", "\n"));
    match merge_exactly(&base, &current, &yours, budget) {
        Ok(text) => Ok(endings.merged().write(text)),
        Err(hunks) => Err(hunks
            .into_iter()
            .map(|hunk| endings.restore(hunk))
            .collect()),
    }
}

/// Longer texts are not merged line by line: a merge takes about 100 bytes of memory for each line.
const MAX_LINES: usize = 100_000;

fn merge_exactly(
    base: &str,
    current: &str,
    yours: &str,
    budget: &Budget,
) -> Result<String, Vec<Hunk>> {
    merged_regions([base, current, yours], budget).unwrap_or_else(|| {
        Err(vec![Hunk {
            line: 1,
            base: base.to_owned(),
            current: current.to_owned(),
            yours: yours.to_owned(),
        }])
    })
}

/// Returns `None` if the budget does not suffice.
fn merged_regions(texts: [&str; 3], budget: &Budget) -> Option<Result<String, Vec<Hunk>>> {
    let is_long = |text: &str| text.matches('\n').count() > MAX_LINES;
    if texts.into_iter().any(is_long) {
        return None;
    }
    let [base, current, yours] = texts.map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let mut current = ChangedSide::of(&base, &current, budget)?;
    let mut yours = ChangedSide::of(&base, &yours, budget)?;
    let (mut merged, mut hunks, mut at) = (String::new(), Vec::new(), 0);
    while let Some(start) = [&current, &yours]
        .into_iter()
        .filter_map(ChangedSide::next_line)
        .min()
    {
        merged.extend(base[at..start].iter().copied());
        let mut end = start;
        // A change that touches one of the other side extends the region, which may then touch more changes.
        while current.extend(&mut end) | yours.extend(&mut end) {}
        let [theirs, ours] = [&mut current, &mut yours].map(|side| side.region(start, end));
        match (theirs, ours) {
            (Some(one), None) | (None, Some(one)) => merged.push_str(&one),
            (Some(one), Some(other)) if one == other => merged.push_str(&one),
            (current, yours) => hunks.push(Hunk {
                line: start + 1,
                base: base[start..end].concat(),
                current: current.unwrap_or_default(),
                yours: yours.unwrap_or_default(),
            }),
        }
        budget.spend(end - at).ok()?;
        at = end;
    }
    merged.extend(base[at..].iter().copied());
    budget.spend(merged.len()).ok()?;
    Some(if hunks.is_empty() {
        Ok(merged)
    } else {
        Err(hunks)
    })
}

/// One side of a merge, with its changes in the order of the lines.
struct ChangedSide<'a> {
    lines: &'a [&'a str],
    changes: VecDeque<LineChange>,
    /// The number of lines by which the side is longer than the base, up to the last region.
    before: isize,
    /// The same with the changes of the next region.
    after: isize,
    is_changed: bool,
}

/// Lines of the base, and the number of lines that replace them.
struct LineChange {
    base: Range<usize>,
    lines: usize,
}

impl<'a> ChangedSide<'a> {
    fn of(base: &[&str], lines: &'a [&'a str], budget: &Budget) -> Option<Self> {
        let ops = diff_lines(base, lines, budget).ok()?;
        let changes = ops.into_iter().filter(|op| op.tag() != DiffTag::Equal);
        let changes = changes
            .map(|op| LineChange {
                base: op.old_range(),
                lines: op.new_range().len(),
            })
            .collect();
        Some(Self {
            lines,
            changes,
            before: 0,
            after: 0,
            is_changed: false,
        })
    }

    /// The line of the base at which the next change starts.
    fn next_line(&self) -> Option<usize> {
        self.changes.front().map(|change| change.base.start)
    }

    /// Adds the changes that touch a region to it. Returns whether there was one.
    fn extend(&mut self, end: &mut usize) -> bool {
        let mut is_extended = false;
        while let Some(change) = self
            .changes
            .pop_front_if(|change| change.base.start <= *end)
        {
            *end = change.base.end.max(*end);
            self.after += change.lines.cast_signed() - change.base.len().cast_signed();
            is_extended = true;
        }
        self.is_changed |= is_extended;
        is_extended
    }

    /// The lines of this side for a region of the base, if it has changed them.
    fn region(&mut self, start: usize, end: usize) -> Option<String> {
        let [start, end] = [(start, self.before), (end, self.after)]
            .map(|(line, by)| line.saturating_add_signed(by));
        self.before = self.after;
        std::mem::take(&mut self.is_changed).then(|| self.lines[start..end].concat())
    }
}

/// A kind of line ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Lf,
    CrLf,
}

impl Ending {
    /// Returns `None` for mixed line endings, and `otherwise` for a text without line breaks.
    fn detect(text: &str, otherwise: Self) -> Option<Self> {
        let (all, long) = (text.matches('\n').count(), text.matches("\r\n").count());
        match (all, long) {
            (0, _) => Some(otherwise),
            (_, 0) => Some(Self::Lf),
            _ => (all == long).then_some(Self::CrLf),
        }
    }

    fn write(self, text: String) -> String {
        match self {
            Self::Lf => text,
            Self::CrLf => text.replace('\n', "\r\n"),
        }
    }
}

/// The line endings of three texts.
struct Endings {
    base: Ending,
    current: Ending,
    yours: Ending,
}

impl Endings {
    fn of(base: &str, current: &str, yours: &str) -> Option<Self> {
        let base = Ending::detect(base, Ending::Lf)?;
        Some(Self {
            base,
            current: Ending::detect(current, base)?,
            yours: Ending::detect(yours, base)?,
        })
    }

    /// There are only two kinds, so two sides cannot change it differently.
    fn merged(&self) -> Ending {
        if self.base == self.current {
            self.yours
        } else {
            self.current
        }
    }

    /// The hunk with the line endings of each side.
    fn restore(&self, hunk: Hunk) -> Hunk {
        Hunk {
            line: hunk.line,
            base: self.base.write(hunk.base),
            current: self.current.write(hunk.current),
            yours: self.yours.write(hunk.yours),
        }
    }
}
