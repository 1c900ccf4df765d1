mod kramdown;

use proptest::prelude::*;

use super::*;
use crate::report::{ReferenceKind, RenderWarningKind};

/// Resolves two images and one old URL.
struct Library;

impl Targets for Library {
    fn image(&self, path: &str) -> Option<String> {
        let known = ["/assets/A b.png", "/assets/código (1).png"];
        let place = known.iter().position(|known| *known == path)?;
        Some(format!("https://cdn.example/{place}.png?w=1&h=2"))
    }

    fn link(&self, href: &str) -> Option<String> {
        (href == "/2018/02/06/old.html").then(|| "/posts/new".to_owned())
    }
}

fn with_library(source: &str) -> Rendered {
    let site = SiteConfig::read(b"url: https://e.org\nbaseurl: /base")
        .unwrap()
        .0;
    render(source, &site, &Library)
}

#[test]
fn all_spellings_of_an_image_are_resolved() {
    for source in [
        "![x]({{ \"/assets/A b.png\" | relative_url }})",
        "![x]({{ '/assets/A b.png' | absolute_url }} \"title\")",
        "![x]({{ site.baseurl }}/assets/A b.png)",
        "![x](/assets/A b.png)",
        "![x](</assets/A b.png>)",
        "![x](/assets/A%20b.png)",
        "![x][r]\n\n[r]: /assets/A%20b.png",
        "[![x](/assets/A b.png)](/there)",
        "<img alt=x src=\"/assets/A b.png\">",
    ] {
        let rendered = with_library(source);
        assert!(
            rendered
                .html
                .contains("src=\"https://cdn.example/0.png?w=1&amp;h=2\""),
            "{source}: {}",
            rendered.html
        );
        assert_eq!(rendered.references.len(), 1, "{source}");
        assert_eq!(rendered.references[0].name, "/assets/A b.png");
    }
}

#[test]
fn removed_html_is_named_with_its_line() {
    let source = "a\n\n<script>x</script>\n\n<svg><text>y</text></svg> <svg>\n\n![](data:image/png;base64,AAAA)\n\n`<script>`\n\nthe <title>\n";
    let rendered = render_plain(source);
    let warnings: Vec<_> = rendered
        .warnings
        .iter()
        .map(|warning| (warning.line, warning.construct.as_str(), warning.count))
        .collect();
    let image = "![](data:image/png;base64,AAAA…)";
    assert_eq!(
        warnings,
        [(3, "<script>", 1), (5, "<svg>", 2), (7, image, 1)]
    );
    assert!(
        rendered.html.contains("the &lt;title&gt;"),
        "{}",
        rendered.html
    );
}

#[test]
fn the_import_says_what_a_target_means() {
    let config = "_images: {b.png?v=1: '/assets/A b.png', foto.jpg: '/no.jpg'}";
    let site = SiteConfig::read(config.as_bytes()).unwrap().0;
    let source = "![](b.png?v=1) [![](foto.jpg)](b.png?v=1) <img src='b.png?v=1'>";
    let rendered = render(source, &site, &Library);
    assert_eq!(
        rendered.html.matches("cdn.example/0.png").count(),
        3,
        "{}",
        rendered.html
    );
    let references: Vec<_> = rendered
        .references
        .iter()
        .map(|found| {
            (
                found.name.as_str(),
                found.target.as_deref(),
                found.url.is_some(),
            )
        })
        .collect();
    assert!(
        references.contains(&("foto.jpg", Some("/no.jpg"), false)),
        "{references:?}"
    );
}

#[test]
fn every_candidate_of_a_srcset_is_resolved_and_checked() {
    let source =
        "<img srcset=\"/assets/A%20b.png 1x, javascript:x 2x, /no.png 3x\" src=\"/no.png\">";
    let html = with_library(source).html;
    assert!(
        html.contains("srcset=\"https://cdn.example/0.png?w=1&amp;h=2 1x, /no.png 3x\""),
        "{html}"
    );
}

#[test]
fn unresolved_images_are_listed_with_their_line_and_count() {
    let source = "a\n\n![x](/assets/código (1).png)\n\n![y](/no.png) ![y](/no.png)\n![z](https://o.org/z.png)\n";
    let references = with_library(source).references;
    let seen: Vec<_> = references
        .iter()
        .map(|found| (found.line, found.count, found.url.is_some()))
        .collect();
    assert_eq!(seen, [(3, 1, true), (5, 2, false)]);
    assert_eq!(references[1].name, "/no.png");
}

#[test]
fn links_to_old_urls_are_replaced() {
    let source =
        "[a](/2018/02/06/old.html#part) [b](https://e.org/base/2018/02/06/old.html) [c](/about)";
    let rendered = with_library(source);
    assert!(
        rendered
            .html
            .contains("href=\"/posts/new#user-content-part\"")
            && rendered.html.contains("href=\"/posts/new\"")
    );
    assert!(rendered.html.contains("href=\"/about\""));
    assert!(
        rendered
            .references
            .iter()
            .all(|found| found.kind == ReferenceKind::Link && found.url.is_some())
    );
}

#[test]
fn a_table_of_contents_lists_the_headings_without_no_toc() {
    let source = "* TOC\n{:toc}\n\n# Uno\n\n## Dos & tres\n\n## No\n{:.no_toc}\n\n# Uno\n";
    let html = html(source);
    let contents = "<ul class=\"toc\"><li><a href=\"#user-content-uno\">Uno</a><ul><li>\
                    <a href=\"#user-content-dos--tres\">Dos &amp; tres</a></li></ul></li><li><a href=\"#user-content-uno-1\">Uno</a></li></ul>";
    assert!(html.contains(contents), "{html}");
    assert!(html.contains("<h1 id=\"user-content-uno-1\">") && !html.contains("TOC"));
}

#[test]
fn warnings_keep_the_lines_of_the_source() {
    let source = "{% comment %}\n\n{% endcomment %}\n{{ site.nothing }}\n\n{% include x %}\n";
    let warnings: Vec<_> = with_library(source)
        .warnings
        .iter()
        .map(|warning| (warning.line, warning.kind))
        .collect();
    let expected = [
        (4, RenderWarningKind::UnknownValue),
        (6, RenderWarningKind::Liquid),
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn html_bodies_are_made_safe_and_their_images_resolved() {
    let source = "<h2 id=\"a\">{{ site.url }}</h2>\n<img src=\"{{ '/assets/A b.png' | relative_url }}\"><script>x</script>";
    let site = SiteConfig::read(b"url: https://e.org").unwrap().0;
    let html = render_html(source, &site, &Library).html;
    assert_eq!(
        html,
        "<h2 id=\"user-content-a\">https://e.org</h2>\n<img src=\"https://cdn.example/0.png?w=1&amp;h=2\">"
    );
}

fn html(source: &str) -> String {
    render_plain(source).html
}

#[test]
fn markdown_and_its_extensions_are_rendered() {
    for (source, expected) in [
        (
            "| a | b |\n| :- | -: |\n| 1 | 2 |\n",
            "<th align=\"right\">b</th>",
        ),
        ("~~2~~", "<del>2</del>"),
        ("- [x] done\n", "type=\"checkbox\""),
        ("- [x] done\n", "checked"),
        ("https://example.org", "<a href=\"https://example.org\">"),
        ("Text[^1].\n\n[^1]: Note.\n", "href=\"#user-content-fn-1\""),
        ("Text[^1].\n\n[^1]: Note.\n", "id=\"user-content-fn-1\""),
        ("# ¿Qué es esto?\n", "<h1 id=\"user-content-qué-es-esto\">"),
        ("## Uno\n\n## Uno\n", "<h2 id=\"user-content-uno\">"),
        ("## Uno\n\n## Uno\n", "<h2 id=\"user-content-uno-1\">"),
        ("```rust\nfn main() {}\n```\n", "class=\"language-rust\""),
        ("<img src=\"/a.png\" width=\"70\">", "width=\"70\""),
        ("<img src=\"/a.png\" loading=\"lazy\">", "loading=\"lazy\""),
    ] {
        let html = html(source);
        assert!(html.contains(expected), "{source} gave {html}");
    }
}

#[test]
fn unsafe_content_is_removed() {
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
fn hostile_texts_are_rendered_in_reasonable_time() {
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
        "&amp".repeat(20_000),
        "{::comment}".repeat(20_000),
        "{: a".repeat(20_000),
        "{{ ".repeat(20_000),
        "{% raw %}".repeat(20_000),
        "![a](b c".repeat(20_000),
        "{#a}".repeat(20_000),
        "{:a}".repeat(20_000),
        "a|`b` ".repeat(5_000),
        format!("*[a]: {}\n\n{}", "b".repeat(200), "a ".repeat(5_000)),
        "<div markdown=\"1\">\n".repeat(2_000),
        "[^a]".repeat(20_000) + "\n\n[^a]: x\n",
        format!("<a title=\"{}\">", "&".repeat(100_000)),
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

#[test]
fn ids_and_the_links_to_them_have_a_prefix() {
    let source = "<p id=\"getElementById\">a</p><a name=\"cookie\">b</a><a href=\"#cookie\">c</a>\
                  <a href=\"#\">d</a><a href=\"#top\">e</a><a href=\"https://e.org/#f\">f</a>\
                  <p id=\"user-content-g\" aria-describedby=\"h i\">g</p>";
    let site = SiteConfig::default();
    assert_eq!(
        render_html(source, &site, &NoTargets).html,
        "<p id=\"user-content-getElementById\">a</p><a name=\"user-content-cookie\">b</a>\
         <a href=\"#user-content-cookie\">c</a><a href=\"#\">d</a><a href=\"#top\">e</a>\
         <a href=\"https://e.org/#f\">f</a>\
         <p id=\"user-content-g\" aria-describedby=\"user-content-h user-content-i\">g</p>"
    );
    let twice = render_plain("# Uno\n\n[uno](#uno)\n").html;
    assert!(twice.contains("<h1 id=\"user-content-uno\">"), "{twice}");
    assert!(twice.contains("href=\"#user-content-uno\""), "{twice}");
}
