use super::html;

#[test]
fn constructs_of_kramdown_are_rendered() {
    for (source, expected) in [
        (
            "## T {#propio}\n\n[a](#propio)\n",
            "<h2 id=\"user-content-propio\">T</h2>",
        ),
        (
            "## T\n{: #propio .x}\n",
            "<h2 id=\"user-content-propio\">T</h2>",
        ),
        (
            "* TOC\n{:toc}\n\n## T {#propio}\n",
            "<a href=\"#user-content-propio\">T</a>",
        ),
        (
            "texto\n{: #nota}\n",
            "<a id=\"user-content-nota\"></a>\n<p>texto",
        ),
        ("Da {:ok, x} aquí.", "<p>Da {:ok, x} aquí.</p>"),
        ("* a\n^\n* b\n", "</ul>\n\n<ul>"),
        (
            "<div markdown=\"1\">\n**n**\n</div>\n",
            "<div>\n<p><strong>n</strong></p>\n</div>",
        ),
        (
            "El HTML.\n\n*[HTML]: Hyper \"T\"\n",
            "<p>El <abbr title=\"Hyper &quot;T&quot;\">HTML</abbr>.</p>",
        ),
        ("HTMLx xHTML\n\n*[HTML]: Hyper\n", "<p>HTMLx xHTML</p>"),
        ("Término\n: definición\n", "<dl>"),
        (
            "Sea $$x_1^2 * y_2*$$ y\n\n$$\na_b * c_d\n$$\n",
            "<p>Sea $$x_1^2 * y_2*$$ y</p>\n<p>$$\na_b * c_d\n$$</p>",
        ),
        ("cuesta $5 y *no* $6", "cuesta $5 y <em>no</em> $6"),
        ("a -- b --- c", "a -- b --- c"),
    ] {
        let html = html(source);
        assert!(html.contains(expected), "{source} gave {html}");
    }
}

#[test]
fn tables_of_kramdown_are_rendered() {
    let cells = |source: &str| {
        let html = html(source);
        assert!(html.contains("<table>"), "{source} gave {html}");
        (
            html.matches("<th").count() - html.matches("<thead").count(),
            html.matches("<td").count(),
        )
    };
    for (source, expected) in [
        (
            "|---|---|\n| a | b |\n|---|---|\n| 1 | 2 |\n{: .t}\n",
            (2, 2),
        ),
        ("| a | b | c |\n|---|------|\n| 1 | 2 | 3 |\n", (3, 3)),
        ("a | b\n1 | 2\n", (0, 4)),
        ("| a | b |\n", (0, 2)),
        ("|---\n| a | b\n", (0, 2)),
        ("| a | b |\n|---|---|\n| `x|y` | `\\|` |\n", (2, 2)),
        ("| a |\n|---|\n| 1 | 2 |\n", (2, 2)),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |\n|===|===|\n| 3 | 4 |\n",
            (2, 4),
        ),
        ("> | a | b |\n> |---|---|\n> | 1 | 2 |\n", (2, 2)),
    ] {
        assert_eq!(cells(source), expected, "{source}");
    }
    assert!(html("| a | b |\n|:-:|--:|\n| `x|y` | 2 |\n").contains("<code>x|y</code>"));
    for source in [
        "one | two in prose",
        "- a | b\n- c | d\n",
        "x\n\n    a | b\n    c | d\n",
    ] {
        assert!(!html(source).contains("<table>"), "{source}");
    }
}
