//! Compares texts line by line within a budget.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
};

use similar::{Algorithm, DiffOp, capture_diff_slices};
use tintero_markdown::budget::{Budget, Stopped, TextLimit, within};

/// The steps of one comparison of two lines.
const COMPARISON: usize = 4;

/// Returns the operations that turn the old lines into the new ones.
///
/// # Errors
/// [`Stopped`] if the lines differ too much for the budget.
pub(crate) fn diff_lines(
    old: &[&str],
    new: &[&str],
    budget: &Budget,
) -> Result<Vec<DiffOp>, Stopped> {
    let bytes: usize = [old, new]
        .into_iter()
        .flatten()
        .map(|line| line.len())
        .sum();
    budget.spend(bytes)?;
    within(TextLimit::DiffLines, different_lines(old, new))?;
    let mut numbers = HashMap::new();
    let [old, new] = [old, new].map(|lines| numbered(lines, &mut numbers, budget));
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    // Fails if the budget ended during the search.
    budget.spend(0)?;
    Ok(ops)
}

/// The lines of both sides between their first and their last difference.
fn different_lines(old: &[&str], new: &[&str]) -> u64 {
    let same_start = old.iter().zip(new).take_while(|(old, new)| old == new);
    let start = same_start.count();
    let (old, new) = (&old[start..], &new[start..]);
    let same_end = old.iter().rev().zip(new.iter().rev());
    let end = same_end.take_while(|(old, new)| old == new).count();
    (old.len() + new.len() - 2 * end) as u64
}

fn numbered<'a, 'b>(
    lines: &[&'a str],
    numbers: &mut HashMap<&'a str, usize>,
    budget: &'b Budget,
) -> Vec<CountedLine<'b>> {
    let number = |line: &&'a str| {
        let next = numbers.len();
        let number = *numbers.entry(line).or_insert(next);
        CountedLine { number, budget }
    };
    lines.iter().map(number).collect()
}

/// A line whose comparisons are counted. Equal lines have equal numbers.
struct CountedLine<'a> {
    number: usize,
    budget: &'a Budget,
}

impl PartialEq for CountedLine<'_> {
    fn eq(&self, other: &Self) -> bool {
        // After the end of the budget all lines are equal, which ends the search at once.
        self.budget.spend(COMPARISON).is_err() || self.number == other.number
    }
}

impl Eq for CountedLine<'_> {}

impl Hash for CountedLine<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use similar::TextDiff;

    use super::*;
    use crate::text_work::{CancelOnDrop, TooComplex};

    /// Pairs of long texts that differ in many ways.
    fn pairs(lines: usize) -> Vec<(&'static str, Vec<String>, Vec<String>)> {
        let numbered =
            |name: &str| -> Vec<String> { (0..lines).map(|n| format!("{name} {n}")).collect() };
        let modulo = |by: usize| (0..lines).map(|n| (n * n % by).to_string()).collect();
        let random = |mut seed: u64| {
            let next = move || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                Some((seed >> 60).to_string())
            };
            std::iter::from_fn(next).take(lines).collect()
        };
        vec![
            ("other lines", numbered("a"), numbered("b")),
            (
                "reversed lines",
                numbered("a"),
                numbered("a").into_iter().rev().collect(),
            ),
            ("few kinds of lines", modulo(7), modulo(11)),
            ("random lines", random(1), random(2)),
            (
                "one kind of line",
                vec!["a".to_owned(); lines],
                vec!["a".to_owned(); lines / 2],
            ),
            (
                "every second line",
                numbered("a"),
                numbered("a").into_iter().step_by(2).collect(),
            ),
        ]
    }

    fn steps(old: &[String], new: &[String]) -> u64 {
        let budget = Budget::default();
        let [old, new] =
            [old, new].map(|lines| lines.iter().map(String::as_str).collect::<Vec<_>>());
        diff_lines(&old, &new, &budget).unwrap();
        budget.steps()
    }

    #[test]
    fn the_steps_grow_no_faster_than_the_number_of_lines_to_the_power_of_one_and_a_half() {
        for ((name, old, new), (_, twice_old, twice_new)) in
            pairs(4000).into_iter().zip(pairs(8000))
        {
            let (once, twice) = (steps(&old, &new), steps(&twice_old, &twice_new));
            assert!(twice * 10 <= once * 29, "{name}: {once} and {twice} steps");
        }
    }

    #[test]
    fn texts_with_too_many_different_lines_are_refused() {
        let old = vec!["a\n"; 500_000];
        let new = vec!["b\n"; 500_000];
        let limit = TextLimit::DiffLines;
        assert_eq!(
            diff_lines(&old, &new, &Budget::default()).unwrap_err(),
            Stopped::TooComplex(TooComplex { limit })
        );
        assert_eq!(
            diff_lines(&old, &old[1..], &Budget::default())
                .unwrap()
                .len(),
            2
        );
    }

    #[test]
    fn a_cancelled_search_ends_with_few_further_steps() {
        let waiting = CancelOnDrop::default();
        let budget = Budget::new(waiting.cancellation());
        let lines: Vec<String> = (0..20_000).map(|n| (n * n % 13).to_string()).collect();
        let old: Vec<_> = lines.iter().map(String::as_str).collect();
        let new: Vec<_> = old.iter().rev().copied().collect();
        drop(waiting);
        assert_eq!(
            diff_lines(&old, &new, &budget).unwrap_err(),
            Stopped::Cancelled
        );
    }

    proptest! {
        #[test]
        fn the_result_is_that_of_the_library(old in "([abc]\n){0,40}", new in "([abc]\n){0,40}") {
            let [old, new] = [&old, &new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
            let expected = TextDiff::configure().diff_slices(&old, &new).ops().to_vec();
            prop_assert_eq!(diff_lines(&old, &new, &Budget::default()).unwrap(), expected);
        }
    }
}
