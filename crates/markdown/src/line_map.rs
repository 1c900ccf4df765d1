//! Maps lines of an output to lines of its source.

/// Records where the line offset between output and source changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct LineMap {
    /// Ascending pairs of output line and source line, both counted from one.
    marks: Vec<(usize, usize)>,
}

impl LineMap {
    /// Records that line `output` comes from line `source`.
    pub(crate) fn mark(&mut self, output: usize, source: usize) {
        if self.source(output) == source {
            return;
        }
        match self.marks.last_mut() {
            Some(last) if last.0 == output => last.1 = source,
            _ => self.marks.push((output, source)),
        }
    }

    /// Returns the source line of an output line.
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
