use std::cell::Cell;
use std::fmt::{self, Write};

use crate::budget::{Budget, Stopped, TextLimit, within};

/// The length up to which the ratio to the source is not limited, in bytes.
const FREE_LENGTH: u64 = 256 * 1024;

/// HTML that stops its writer above a limit or when nobody waits any more.
pub(super) struct BoundedHtml<'a> {
    html: String,
    source: u64,
    budget: &'a Budget,
    stopped: Cell<Option<Stopped>>,
}

impl<'a> BoundedHtml<'a> {
    pub(super) fn new(source: usize, budget: &'a Budget) -> Self {
        Self {
            html: String::with_capacity(source + source / 4),
            source: source as u64,
            budget,
            stopped: Cell::new(None),
        }
    }

    /// Returns the HTML if all of it was written.
    pub(super) fn finish(self, written: fmt::Result) -> Result<String, Stopped> {
        match (self.stopped.get(), written) {
            (Some(stopped), _) => Err(stopped),
            (None, written) => {
                written.expect("writing to a string does not fail");
                Ok(self.html)
            }
        }
    }

    fn reserve(&self, more: usize) -> Result<(), Stopped> {
        self.budget.spend(more)?;
        let length = (self.html.len() + more) as u64;
        within(TextLimit::HtmlBytes, length)?;
        let ratio = length
            .saturating_sub(FREE_LENGTH)
            .div_ceil(self.source.max(1));
        within(TextLimit::HtmlRatio, ratio)
    }
}

impl Write for BoundedHtml<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Err(stopped) = self.reserve(text.len()) {
            self.stopped.set(Some(stopped));
            return Err(fmt::Error);
        }
        self.html.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::TooComplex;

    /// Writes blocks of 64 KiB until one is refused.
    fn longest(source: usize) -> (usize, TextLimit) {
        let budget = Budget::default();
        let mut html = BoundedHtml::new(source, &budget);
        let block = "a".repeat(64 * 1024);
        let blocks = (0..100)
            .take_while(|_| html.write_str(&block).is_ok())
            .count();
        match html.finish(Err(fmt::Error)) {
            Err(Stopped::TooComplex(TooComplex { limit })) => (blocks * block.len(), limit),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_html_of_a_short_source_is_limited_by_its_length() {
        assert_eq!(longest(1000), (256 * 1024, TextLimit::HtmlRatio));
        assert_eq!(longest(8192), (384 * 1024, TextLimit::HtmlRatio));
    }

    #[test]
    fn the_html_of_a_long_source_is_limited() {
        assert_eq!(
            longest(1024 * 1024),
            (3 * 1024 * 1024, TextLimit::HtmlBytes)
        );
    }
}
