use similar::{MergeRegion, TextMerge};

use crate::{
    posts::Hunk,
    text_work::{Budget, diff_lines},
};

/// Merges two versions of a text line by line. Returns the conflicting hunks if changes overlap.
///
/// Changes overlap if no unchanged line is between them. If each text uses one kind of line ending
/// throughout, the kind is merged as a separate value, so changing only line endings never
/// conflicts. A line break at the end of the text belongs to its last line. Texts that differ too much for
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
    if !is_mergeable([base, current, yours], budget) {
        return Err(vec![Hunk {
            line: 1,
            base: base.to_owned(),
            current: current.to_owned(),
            yours: yours.to_owned(),
        }]);
    }
    let merge = TextMerge::from_lines(base, current, yours);
    let hunks: Vec<_> = merge
        .conflicts()
        .map(|region| hunk(&merge, region))
        .collect();
    if !hunks.is_empty() {
        return Err(hunks);
    }
    Ok(merge.to_string())
}

/// Whether the budget suffices. The merge makes the same comparisons again, without counting them.
fn is_mergeable(texts: [&str; 3], budget: &Budget) -> bool {
    let is_long = |text: &str| text.matches('\n').count() > MAX_LINES;
    if texts.into_iter().any(is_long) {
        return false;
    }
    let [base, current, yours] = texts.map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    diff_lines(&base, &current, budget).is_ok() && diff_lines(&base, &yours, budget).is_ok()
}

fn hunk(merge: &TextMerge<'_, '_, '_, str>, region: &MergeRegion) -> Hunk {
    let base = region.base_range();
    Hunk {
        line: base.start + 1,
        base: base.filter_map(|line| merge.base_line(line)).collect(),
        current: region
            .ours_range()
            .filter_map(|line| merge.ours_line(line))
            .collect(),
        yours: region
            .theirs_range()
            .filter_map(|line| merge.theirs_line(line))
            .collect(),
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
