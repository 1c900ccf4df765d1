//! Which line of a source a line of the text made from it comes from.

/// Remembers where the lines of an output stopped matching those of its source.
#[derive(Debug, Clone, Default)]
pub(crate) struct LineMap {
    /// Pairs of an output line and the source line it is, both counted from one, rising.
    marks: Vec<(usize, usize)>,
}

impl LineMap {
    /// Says that line `output` is line `source`.
    pub(crate) fn mark(&mut self, output: usize, source: usize) {
        if self.source(output) != source {
            self.marks.push((output, source));
        }
    }

    /// The source line of an output line.
    pub(crate) fn source(&self, output: usize) -> usize {
        let later = self.marks.partition_point(|&(marked, _)| marked <= output);
        let (marked, source) = later.checked_sub(1).map_or((1, 1), |last| self.marks[last]);
        source + (output - marked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_after_a_mark_are_counted_from_it() {
        let mut lines = LineMap::default();
        lines.mark(3, 3);
        lines.mark(5, 7);
        lines.mark(6, 8);
        assert_eq!(
            [1, 4, 5, 6, 9].map(|line| lines.source(line)),
            [1, 4, 7, 8, 11]
        );
        assert_eq!(lines.marks.len(), 1);
    }
}
