//! Repeated figures, with median and spread.

use std::fmt;

/// The values of one figure in all rounds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    pub(crate) fn add(&mut self, value: f64) {
        let at = self
            .0
            .partition_point(|other| other.total_cmp(&value).is_lt());
        self.0.insert(at, value);
    }

    /// Returns the median, or nothing without values.
    pub(crate) fn median(&self) -> Option<f64> {
        self.0.get(self.0.len() / 2).copied()
    }

    /// Returns the ratio of the medians, such as `2.1 ×`.
    pub(crate) fn ratio(&self, base: &Self) -> String {
        match (self.median(), base.median()) {
            (Some(value), Some(base)) if base > 0.0 => format!("{:.1} ×", value / base),
            _ => "–".to_owned(),
        }
    }
}

impl FromIterator<f64> for Figures {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut figures = Self::default();
        values.into_iter().for_each(|value| figures.add(value));
        figures
    }
}

/// Writes the median, then the least and the greatest value. The precision is that of the format.
impl fmt::Display for Figures {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = to.precision().unwrap_or(0);
        match (self.median(), self.0.as_slice()) {
            (Some(median), [least, .., greatest]) => {
                write!(
                    to,
                    "{median:.digits$} ({least:.digits$}–{greatest:.digits$})"
                )
            }
            (Some(median), _) => write!(to, "{median:.digits$}"),
            (None, _) => write!(to, "–"),
        }
    }
}
