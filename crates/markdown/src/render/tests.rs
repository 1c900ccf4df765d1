use proptest::prelude::*;

use super::*;

fn html(source: &str) -> String {
    render_plain(source).html
}

#[test]
fn the_extensions_of_github_are_rendered() {
    let table = html("| a | b |\n| :- | -: |\n| 1 | ~~2~~ |\n");
    assert!(table.contains("<th align=\"right\">b</th>"), "{table}");
    assert!(table.contains("<del>2</del>"));
    let tasks = html("- [x] done\n");
    assert!(
        tasks.contains("type=\"checkbox\"") && tasks.contains("checked"),
        "{tasks}"
    );
    assert!(html("https://example.org").contains("<a href=\"https://example.org\">"));
}

#[test]
fn footnotes_keep_their_anchors() {
    let html = html("Text[^1].\n\n[^1]: Note.\n");
    assert!(
        html.contains("href=\"#fn-1\"") && html.contains("id=\"fn-1\""),
        "{html}"
    );
}

#[test]
fn headings_have_unique_ids() {
    let html = html("# ¿Qué es esto?\n\n## Uno\n\n## Uno\n");
    assert!(html.contains("<h1 id=\"qué-es-esto\">"), "{html}");
    assert!(html.contains("<h2 id=\"uno\">") && html.contains("<h2 id=\"uno-1\">"));
}

#[test]
fn the_language_of_code_is_kept() {
    assert!(html("```rust\nfn main() {}\n```\n").contains("class=\"language-rust\""));
}

#[test]
fn raw_html_is_kept_where_it_is_safe() {
    let html = html(
        "<img src=\"/a.png\" width=\"70\" height=\"50\" loading=\"lazy\" onerror=\"alert(1)\">\n",
    );
    assert!(
        html.contains("width=\"70\"") && html.contains("loading=\"lazy\""),
        "{html}"
    );
    assert!(!html.contains("onerror"));
}

#[test]
fn nothing_that_could_run_survives() {
    for source in [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<img src=x onerror=alert(1)>",
        "<p style=\"position:fixed\" class=\"fixed\">x</p>",
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        "<input type=\"password\" autofocus onfocus=alert(1)>",
    ] {
        let html = html(source);
        for danger in [
            "<script",
            "javascript:",
            "onload",
            "onerror",
            "srcdoc",
            "style=",
            "fixed",
            "data:",
            "password",
        ] {
            assert!(!html.contains(danger), "{source} gave {html}");
        }
    }
}

#[test]
fn deep_nesting_is_cut_to_text() {
    for source in [
        format!("{} end", ">".repeat(20_000)),
        format!("{}x{}", "*a **b ".repeat(5_000), "** *".repeat(5_000)),
        format!("{}x{}", "[".repeat(20_000), "](a)".repeat(20_000)),
        format!("{}x{}", "![".repeat(20_000), "](a)".repeat(20_000)),
        format!("{}x", "- ".repeat(5_000)),
        format!("# {}x{}", "**".repeat(20_000), "**".repeat(20_000)),
        format!("{}x", "<div>".repeat(3_000)),
        format!("{}x", "<b><i>".repeat(3_000)),
        "[^a]: ".repeat(5_000),
        "|".repeat(20_000),
        "`".repeat(20_001),
        "<!-- ".repeat(20_000),
    ] {
        let _ = html(&source);
    }
}

proptest! {
    #[test]
    fn no_text_makes_rendering_panic(source in "[-a-c0-9 \n\t>#*_`~\\[\\](){}!|:.%\"'<>/=&;\\\\é^]{0,200}") {
        let rendered = render_plain(&source);
        prop_assert!(!rendered.html.contains("<script"));
    }
}
