use proptest::{prelude::*, sample::SizeRange};
use similar::TextMerge;

use crate::{
    posts::Hunk,
    text_work::{Budget, CancelOnDrop},
};

fn merge_lines(base: &str, current: &str, yours: &str) -> Result<String, Vec<Hunk>> {
    super::merge_lines(base, current, yours, &Budget::default())
}

fn merged(base: &str, current: &str, yours: &str) -> String {
    merge_lines(base, current, yours).unwrap_or_else(|hunks| panic!("{hunks:?}"))
}

#[test]
fn changes_with_an_unchanged_line_between_them_are_merged() {
    let base = "uno\ndos\ntres\n";
    assert_eq!(
        merged(base, "UNO\ndos\ntres\n", "uno\ndos\nTRES\n"),
        "UNO\ndos\nTRES\n"
    );
    assert_eq!(
        merged(base, "cero\nuno\ndos\ntres\n", "uno\ndos\n"),
        "cero\nuno\ndos\n"
    );
    assert_eq!(
        merged(base, "UNO\ndos\ntres\n", "UNO\ndos\ntres\n"),
        "UNO\ndos\ntres\n"
    );
}

#[test]
fn overlapping_changes_return_the_lines_of_all_three_sides() {
    let hunks = merge_lines(
        "uno\ndos\ntres\ncuatro\n",
        "UNO\ndos\ntres\ncuatro!\n",
        "uno\ndos\nTRES\ncuatro\n",
    );
    let hunk = Hunk {
        line: 3,
        base: "tres\ncuatro\n".into(),
        current: "tres\ncuatro!\n".into(),
        yours: "TRES\ncuatro\n".into(),
    };
    assert_eq!(hunks, Err(vec![hunk]));
    assert!(merge_lines("uno\n", "uno\ndos\n", "uno\ntres\n").is_err());
}

#[test]
fn a_merge_stops_when_nobody_waits_for_it() {
    let waiting = CancelOnDrop::default();
    let budget = Budget::new(waiting.cancellation());
    let mut base: Vec<_> = (0..50_000).map(|n| n.to_string()).collect();
    base.push(String::new());
    let base = base.join("\n");
    let [current, yours] = ["0\n", "25000\n"].map(|line| base.replacen(line, "x\n", 1));
    assert!(super::merge_lines(&base, &current, &yours, &budget).is_ok());
    let whole = budget.steps();
    drop(waiting);
    assert!(super::merge_lines(&base, &current, &yours, &budget).is_err());
    let further = budget.steps() - whole;
    assert!(
        further <= 2 * base.len() as u64,
        "{further} steps of {whole}"
    );
}

#[test]
fn changing_only_line_endings_never_conflicts() {
    let (base, windows) = ("uno\ndos\ntres\n", "uno\r\ndos\r\ntres\r\n");
    assert_eq!(
        merged(base, windows, "uno\ndos\nTRES\n"),
        "uno\r\ndos\r\nTRES\r\n"
    );
    assert_eq!(
        merged(base, "uno\ndos\nTRES\n", windows),
        "uno\r\ndos\r\nTRES\r\n"
    );
    assert_eq!(
        merged(windows, base, "uno\r\ndos\r\nTRES\r\n"),
        "uno\ndos\nTRES\n"
    );
    assert_eq!(
        merged(windows, "UNO\r\ndos\r\ntres\r\n", "uno\r\ndos\r\nTRES\r\n"),
        "UNO\r\ndos\r\nTRES\r\n"
    );
}

#[test]
fn mixed_line_endings_are_compared_unchanged() {
    let mixed = "uno\r\ndos\ntres\n";
    assert_eq!(
        merged(mixed, "uno\r\ndos\nTRES\n", mixed),
        "uno\r\ndos\nTRES\n"
    );
    assert_eq!(
        merged(mixed, "UNO\r\ndos\ntres\n", "uno\r\ndos\ntres\ncuatro\n"),
        "UNO\r\ndos\ntres\ncuatro\n"
    );
    assert!(merge_lines(mixed, "uno\ndos\ntres\n", "UNO\r\ndos\ntres\n").is_err());
}

#[test]
fn the_line_break_at_the_end_belongs_to_the_last_line() {
    assert_eq!(
        merged("uno\ndos\ntres", "UNO\ndos\ntres", "uno\ndos\ntres\n"),
        "UNO\ndos\ntres\n"
    );
    assert_eq!(
        merged("uno\ndos\ntres\n", "UNO\ndos\ntres\n", "uno\ndos\ntres"),
        "UNO\ndos\ntres"
    );
    assert!(merge_lines("uno\ndos", "uno\nDOS", "uno\ndos\n").is_err());
    assert!(merge_lines("uno\ndos", "uno\ndos\ntres", "uno\ndos\ncuatro").is_err());
}

#[test]
fn very_long_texts_are_not_merged_line_by_line() {
    let base = "a\n".repeat(100_001);
    let (above, below) = (format!("b\n{base}"), format!("{base}c\n"));
    assert_eq!(merged(&base, &base, &below), below);
    assert_eq!(merge_lines(&base, &above, &below).unwrap_err().len(), 1);
    let shorter = &base[4..];
    let (above, below) = (format!("b\n{shorter}"), format!("{shorter}c\n"));
    assert_eq!(merged(shorter, &above, &below), format!("b\n{shorter}c\n"));
}

/// An edit of one line of the base. All lines of the base are different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edit {
    Keep,
    Remove,
    Replace,
    /// Inserts a line before this one.
    Insert,
}

fn edits(lines: impl Into<SizeRange>) -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        6 => Just(Edit::Keep),
        1 => Just(Edit::Remove),
        1 => Just(Edit::Replace),
        1 => Just(Edit::Insert),
    ];
    prop::collection::vec(edit, lines)
}

fn base(lines: usize) -> String {
    side("", &vec![Edit::Keep; lines])
}

fn side(name: &str, edits: &[Edit]) -> String {
    let line = |(n, edit): (usize, &Edit)| match edit {
        Edit::Keep => format!("line {n}\n"),
        Edit::Remove => String::new(),
        Edit::Replace => format!("{name} instead of {n}\n"),
        Edit::Insert => format!("{name} before {n}\nline {n}\n"),
    };
    edits.iter().enumerate().map(line).collect()
}

/// For each boundary between lines of the base, whether an edit touches it.
fn touched(edits: &[Edit]) -> Vec<bool> {
    let mut boundaries = vec![false; edits.len() + 1];
    for (n, edit) in edits.iter().enumerate() {
        boundaries[n] |= *edit != Edit::Keep;
        boundaries[n + 1] |= matches!(edit, Edit::Remove | Edit::Replace);
    }
    boundaries
}

proptest! {
    #[test]
    fn a_side_without_changes_changes_nothing(base in "([ab]?\r?\n?){0,12}", text in "([abc]?\r?\n?){0,12}") {
        prop_assert_eq!(merged(&base, &text, &base), text.clone());
        prop_assert_eq!(merged(&base, &base, &text), text.clone());
        prop_assert_eq!(merged(&base, &text, &text), text);
    }

    #[test]
    fn the_result_is_that_of_the_library(
        base in "([abcd]\n){0,12}",
        current in "([abcd]\n){0,12}",
        yours in "([abcd]\n){0,12}",
    ) {
        let expected = TextMerge::from_lines(&*base, &*current, &*yours);
        let merged = merge_lines(&base, &current, &yours);
        prop_assert_eq!(merged.is_err(), expected.is_conflicted());
        if let Ok(merged) = merged {
            prop_assert_eq!(merged, expected.to_string());
        }
    }

    #[test]
    fn it_makes_no_difference_who_came_first(
        base in "([abcd]\n){0,12}[abcd]?",
        current in "([abcd]\n){0,12}[abcd]?",
        yours in "([abcd]\n){0,12}[abcd]?",
    ) {
        prop_assert_eq!(
            merge_lines(&base, &current, &yours).ok(),
            merge_lines(&base, &yours, &current).ok()
        );
    }

    #[test]
    fn what_does_not_meet_is_merged_and_what_meets_is_not(
        (ours, theirs) in (1_usize..16).prop_flat_map(|n| (edits(n), edits(n))),
    ) {
        let base = base(ours.len());
        let result = merge_lines(&base, &side("theirs", &theirs), &side("ours", &ours));
        let meet = touched(&ours).iter().zip(touched(&theirs)).any(|(a, b)| *a && b);
        let same = ours.iter().zip(&theirs).any(|(a, b)| *a == Edit::Remove && *b == Edit::Remove);
        if !meet {
            prop_assert!(result.is_ok(), "{:?}", result);
        } else if !same {
            prop_assert!(result.is_err(), "{:?}", result);
        }
    }

    #[test]
    fn no_line_is_lost_that_a_side_added_and_none_stays_that_a_side_removed(
        (ours, theirs) in (1_usize..16).prop_flat_map(|n| (edits(n), edits(n))),
    ) {
        let base = base(ours.len());
        let sides = [("ours", &ours), ("theirs", &theirs)];
        if let Ok(merged) = merge_lines(&base, &side("theirs", &theirs), &side("ours", &ours)) {
            let count = |line: &str| merged.lines().filter(|other| *other == line).count();
            for n in 0..ours.len() {
                let stays = sides.iter().all(|(_, edits)| matches!(edits[n], Edit::Keep | Edit::Insert));
                prop_assert_eq!(count(&format!("line {n}")), usize::from(stays));
                for (name, edits) in sides {
                    let replaced = edits[n] == Edit::Replace;
                    prop_assert_eq!(count(&format!("{name} instead of {n}")), usize::from(replaced));
                    let inserted = edits[n] == Edit::Insert;
                    prop_assert_eq!(count(&format!("{name} before {n}")), usize::from(inserted));
                }
            }
        }
    }
}
