use tintero_markdown::{
    budget::Budget,
    render::{Rendered, render_within},
    targets::NoTargets,
};

use crate::shapes::{SHAPES, site};

/// The length of the shorter text, in bytes.
const LENGTH: usize = 8 * 1024;

/// Returns the steps of a rendering and its result.
fn rendered(body: &str) -> (u64, Rendered) {
    let budget = Budget::default();
    let rendered =
        render_within(body, &site(), &NoTargets, &budget).expect("nobody cancels the budget");
    (budget.steps(), rendered)
}

#[test]
fn twice_the_text_takes_at_most_twice_the_steps() {
    let mut worse = Vec::new();
    for shape in SHAPES {
        let (once, _) = rendered(&shape.body(LENGTH));
        let (twice, _) = rendered(&shape.body(2 * LENGTH));
        if twice * 10 > once * 22 {
            worse.push(format!("{}: {once} and {twice} steps", shape.name));
        }
    }
    assert!(SHAPES.len() >= 70 && worse.is_empty(), "{worse:#?}");
}

#[test]
fn the_output_is_bounded_by_the_length_of_the_text() {
    for shape in SHAPES {
        let body = shape.body(2 * LENGTH);
        let (
            _,
            Rendered {
                html, references, ..
            },
        ) = rendered(&body);
        let inserted = if body.contains("{{") { 1024 * 1024 } else { 0 };
        let longest = 16 * body.len() + 256 * 1024 + inserted;
        assert!(
            html.len() <= longest,
            "{}: {} bytes",
            shape.name,
            html.len()
        );
        let names = references.iter().map(|reference| reference.name.len());
        assert!(
            names.sum::<usize>() <= 2 * body.len() + 1024,
            "{}",
            shape.name
        );
    }
}
