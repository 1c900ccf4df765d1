use tintero_markdown::{
    budget::{Budget, CancelOnDrop, TextLimit},
    jekyll::site::SiteConfig,
    render::{Rendered, RenderingCancelled, render, render_within},
    targets::{NoTargets, Targets},
};

use crate::shapes::site;

fn rendered(body: &str) -> Rendered {
    render(body, &site(), &NoTargets)
}

fn exceeded(body: &str) -> Option<TextLimit> {
    rendered(body).exceeded.map(|exceeded| exceeded.limit)
}

#[test]
fn every_limit_of_a_rendering_is_named() {
    let cases = [
        (
            TextLimit::Steps,
            format!("{{{{ page.a{} }}}}", "|upcase".repeat(20_000)),
        ),
        (TextLimit::LiquidOutput, "{{ page.a }}".repeat(600)),
        (
            TextLimit::LiquidValue,
            format!("{{{{ page.a{} }}}}", "|append:page.a".repeat(5)),
        ),
        (TextLimit::Marks, "*".repeat(250_001)),
        (
            TextLimit::TableCells,
            format!(
                "{}\n{}\n{}",
                "|a".repeat(300),
                "|-".repeat(300),
                "|x\n".repeat(300)
            ),
        ),
        (TextLimit::Nesting, ">".repeat(101)),
        (TextLimit::Footnotes, "[^a] ".repeat(2001)),
        (TextLimit::References, "[](a)".repeat(50_001)),
        (
            TextLimit::HtmlAttributes,
            format!("<div>\n<i {}>", "a ".repeat(65)),
        ),
        (
            TextLimit::HtmlTags,
            format!("<div>\n<p>{}{}", "<b>".repeat(200), "<p>".repeat(1300)),
        ),
        (
            TextLimit::HtmlRatio,
            format!(
                "{}\n{}\n{}",
                "|a".repeat(99),
                "|-".repeat(99),
                "|x\n".repeat(480)
            ),
        ),
    ];
    let named = cases.map(|(limit, body)| (limit, exceeded(&body)));
    assert_eq!(named, named.map(|(limit, _)| (limit, Some(limit))));
}

#[test]
fn a_text_above_a_limit_is_still_readable() {
    let body = format!("<b> & {}", "*".repeat(250_001));
    let html = rendered(&body).html;
    assert!(html.starts_with("<pre>&lt;b&gt; &amp; ***") && html.ends_with("**</pre>\n"));
    let nested = rendered(&format!("{}\n\ninside", "> ".repeat(200)));
    assert!(nested.html.contains("inside"));
}

#[test]
fn ordinary_long_texts_are_within_all_limits() {
    let prose = "Ordinary prose has words, some *emphasis* and \"quotes\", and every now and then a \
        [link](https://example.org/page) or `code`. It has paragraphs of several lines.\n\n";
    let body = prose.repeat(300_000 / prose.len());
    assert_eq!(exceeded(&body), None);
    let table = format!("|a|b|c|\n|-|-|-|\n{}", "|1|2|3|\n".repeat(5000));
    assert_eq!(exceeded(&table), None);
}

#[test]
fn a_cancelled_rendering_has_no_result() {
    let waiting = CancelOnDrop::default();
    let budget = Budget::new(waiting.cancellation());
    drop(waiting);
    let rendered = render_within("a", &SiteConfig::default(), &NoTargets, &budget);
    assert_eq!(rendered, Err(RenderingCancelled));
}

/// Stops waiting when the first link is resolved.
struct Impatient(std::cell::RefCell<Option<CancelOnDrop>>);

impl Targets for Impatient {
    fn image(&self, _path: &str) -> Option<String> {
        None
    }

    fn link(&self, _href: &str) -> Option<String> {
        self.0.take();
        None
    }
}

#[test]
fn a_rendering_stops_in_the_middle_when_nobody_waits() {
    let body = "[a](/b) ".repeat(10_000);
    let waiting = CancelOnDrop::default();
    let stopped = Budget::new(waiting.cancellation());
    let targets = Impatient(Some(waiting).into());
    let site = SiteConfig::default();
    assert_eq!(
        render_within(&body, &site, &targets, &stopped),
        Err(RenderingCancelled)
    );
    let whole = Budget::default();
    render_within(&body, &site, &NoTargets, &whole).unwrap();
    assert!(stopped.steps() < whole.steps(), "{} steps", stopped.steps());
}
