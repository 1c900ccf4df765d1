use similar::{MergeRegion, TextMerge};

use crate::posts::Hunk;

/// Merges what two sides made of one text, line by line; where they meet, what each of them has.
///
/// Two changes meet when no unchanged line lies between them. How lines end is no part of a line,
/// as long as each text ends all of its lines in one way: it is merged as a value of its own, so
/// whoever changed nothing else is in nobody's way. Whether the text ends with a line break belongs
/// to its last line.
pub(in crate::posts) fn merge_lines(
    base: &str,
    current: &str,
    yours: &str,
) -> Result<String, Vec<Hunk>> {
    if base == current {
        return Ok(yours.to_owned());
    }
    if base == yours || current == yours {
        return Ok(current.to_owned());
    }
    let Some(endings) = Endings::of(base, current, yours) else {
        return merge_exactly(base, current, yours);
    };
    let [base, current, yours] = [base, current, yours].map(|text| text.replace("\r\n", "\n"));
    match merge_exactly(&base, &current, &yours) {
        Ok(text) => Ok(endings.merged().write(text)),
        Err(hunks) => Err(hunks.into_iter().map(|hunk| endings.show(hunk)).collect()),
    }
}

/// Texts of more lines are merged whole: the time that it takes grows with the square of them, and
/// whoever waits for it holds up others.
const MOST_LINES: usize = 5_000;

fn merge_exactly(base: &str, current: &str, yours: &str) -> Result<String, Vec<Hunk>> {
    let is_long = |text: &str| text.matches('\n').count() > MOST_LINES;
    if [base, current, yours].into_iter().any(is_long) {
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

/// How the lines of a text end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Lf,
    CrLf,
}

impl Ending {
    /// None for a text that mixes them. A text of one line has the ending that it would get.
    fn of(text: &str, otherwise: Self) -> Option<Self> {
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

/// How the lines of three texts end, each in one way.
struct Endings {
    base: Ending,
    current: Ending,
    yours: Ending,
}

impl Endings {
    fn of(base: &str, current: &str, yours: &str) -> Option<Self> {
        let base = Ending::of(base, Ending::Lf)?;
        Some(Self {
            base,
            current: Ending::of(current, base)?,
            yours: Ending::of(yours, base)?,
        })
    }

    /// There are two endings only, so two sides cannot change it in different ways.
    fn merged(&self) -> Ending {
        if self.base == self.current {
            self.yours
        } else {
            self.current
        }
    }

    /// The lines as each side has them.
    fn show(&self, hunk: Hunk) -> Hunk {
        Hunk {
            line: hunk.line,
            base: self.base.write(hunk.base),
            current: self.current.write(hunk.current),
            yours: self.yours.write(hunk.yours),
        }
    }
}
