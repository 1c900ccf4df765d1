//! Texts that could cost much work or memory for their length.

use tintero_markdown::{front_matter, jekyll::site::SiteConfig};

/// A family of bodies, one for each length.
pub(crate) struct Shape {
    /// The name.
    pub(crate) name: &'static str,
    prefix: &'static str,
    unit: &'static str,
    suffix: fn(usize) -> String,
}

impl Shape {
    /// Returns the body of about `length` bytes.
    #[must_use]
    pub(crate) fn body(&self, length: usize) -> String {
        let fixed = self.prefix.len();
        let count = length.saturating_sub(fixed) / self.unit.len();
        let suffix = (self.suffix)(length);
        let count = count.saturating_sub(suffix.len() / self.unit.len());
        format!("{}{}{suffix}", self.prefix, self.unit.repeat(count))
    }
}

/// The values of Liquid: `page.a` has 2,000 bytes.
#[must_use]
pub(crate) fn site() -> SiteConfig {
    let page = format!("a: {}\nb: [1, 2]\n", "x".repeat(2000));
    let page = front_matter::parse_yaml(&page, 1).expect("the text is YAML");
    SiteConfig::default().with_page(page.map)
}

const fn repeated(name: &'static str, unit: &'static str) -> Shape {
    around(name, "", unit, |_| String::new())
}

const fn after(name: &'static str, prefix: &'static str, unit: &'static str) -> Shape {
    around(name, prefix, unit, |_| String::new())
}

const fn around(
    name: &'static str,
    prefix: &'static str,
    unit: &'static str,
    suffix: fn(usize) -> String,
) -> Shape {
    Shape {
        name,
        prefix,
        unit,
        suffix,
    }
}

/// All shapes.
pub(crate) const SHAPES: &[Shape] = &[
    repeated("prose", "A sentence of *some* words, and its [link](/a).\n"),
    repeated("lines", "a\n"),
    repeated("paragraphs", "a\n\n"),
    repeated("open attribute lists", "{:"),
    repeated("attribute lists", "{: .a}"),
    repeated("id lists", "{#"),
    repeated("option lists", "{::options /}"),
    repeated("kramdown comments", "{::comment}"),
    repeated("closed kramdown comments", "{::comment}{:/comment}"),
    after("formulas", "", "$$"),
    repeated("open image targets", "![a](b c \""),
    repeated("open image targets with brackets", "![a](((b c"),
    repeated("images with spaces", "![a](/b c.png \"t\")"),
    repeated("images", "![a](/b.png)"),
    around("nested images", "", "![", |length| {
        "](/b)".repeat(length / 6)
    }),
    around("nested links", "", "[", |length| "](/b)".repeat(length / 6)),
    repeated("open links", "[a]("),
    repeated("autolinks", "http://a.b "),
    repeated("link references", "[a]: /b\n"),
    after(
        "uses of one reference",
        "[a]: /bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n\n",
        "[a]",
    ),
    after("tables", "", "|a|b|c|\n|-|-|-|\n|1|2|3|\n\n"),
    around("rows shorter than their table", "", "|a", |length| {
        format!(
            "\n{}\n{}",
            "|-".repeat(length / 8),
            "|x\n".repeat(length / 8)
        )
    }),
    repeated("delimiter rows", "|-\n"),
    repeated("pipes", "|"),
    repeated("footnotes and notes", "[^a] "),
    after("uses of one footnote", "[^a]: x\n\n", "[^a]"),
    repeated("open footnotes", "[^a]: "),
    repeated("abbreviations", "*[HTML]: Language\n"),
    repeated("description lists", "a\n: b\n\n"),
    repeated("list items", "- a\n"),
    repeated("task items", "- [x] a\n"),
    around("nested list items on one line", "", "1. ", |_| {
        "a".to_owned()
    }),
    around("nested lists and blank lines", "", "- ", |length| {
        format!("a{}", "\n".repeat(length / 2))
    }),
    repeated("nested quotes on one line", ">"),
    repeated("quotes", "> a\n\n"),
    repeated("headings", "# a\n"),
    after("headings with contents", "* x\n{:toc}\n\n", "# a\n"),
    repeated("rules", "---\n\n"),
    around("emphasis", "", "*a **b ", |length| {
        "** *".repeat(length / 8)
    }),
    repeated("open emphasis", "*a _b "),
    repeated("strikethrough", "~~a~~ "),
    repeated("backticks", "`"),
    around("runs of backticks", "", "a", |length| {
        let runs = (length / 2).isqrt();
        (1..runs).map(|run| "`".repeat(run) + " ").collect()
    }),
    repeated("code spans", "`a` "),
    repeated("fenced blocks", "```\na\n```\n"),
    repeated("open fences", "``` a`\n"),
    repeated("entities", "&amp;"),
    repeated("open entities", "&a"),
    repeated("quotation marks", "\""),
    repeated("backslashes", "\\"),
    repeated("long word", "a"),
    repeated("letters beyond ASCII", "\u{bf}"),
    repeated("open comments", "<!-- "),
    repeated("open tags", "<a "),
    after("open tags in a block", "<div>\n", "<a b "),
    after("many attributes", "<div>\n<a ", "b1 c2 d3 "),
    repeated("nested elements", "<div>"),
    after("nested elements and open tags", "<div><div>\n", "<div><a "),
    repeated("closed elements", "<b>a</b>"),
    around("formatting across paragraphs", "<p>", "<b>", |length| {
        "<p>x".repeat(length / 5)
    }),
    after("long attribute", "<div>\n<a title=\"", "&"),
    repeated(
        "long attributes",
        "<a title=\"&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&\">x</a>",
    ),
    after(
        "candidates of an image",
        "<img alt=\"a\" srcset=\"",
        "/b 1x, ",
    ),
    repeated("tables of HTML", "<table><td>"),
    repeated("foreign elements", "<script>"),
    repeated("open Liquid", "{{ "),
    repeated("values", "{{ page.a }}"),
    repeated("unknown values", "{{ page.z }}"),
    repeated("raw tags", "{% raw %}"),
    repeated("closed raw tags", "{% raw %}a{% endraw %}"),
    repeated("Liquid comments", "{% comment %}"),
    repeated(
        "highlighted blocks",
        "{% highlight rb %}a{% endhighlight %}",
    ),
    repeated("post URLs", "{% post_url 2020-01-01-a %}"),
    repeated("includes", "{% include a.html %}"),
    repeated("hyphens", "{{- 'a' -}} "),
    around("chained append", "{{ page.a", "|append:page.a", |_| {
        "}}".to_owned()
    }),
    around(
        "chained replace",
        "{{ page.a",
        "|replace:'x',page.a",
        |_| "}}".to_owned(),
    ),
    around("chained upcase", "{{ page.a", "|upcase", |_| {
        "}}".to_owned()
    }),
    repeated("open conditions", "{% if true %}"),
    repeated("conditions", "{% if page.a contains 'y' %}a{% endif %}"),
    repeated("ends without a start", "{% endif %}"),
    repeated("loops", "{% for i in page.b %}a{% endfor %}"),
    repeated("captures", "{% capture c %}a{% endcapture %}{{ c }}"),
    repeated("assignments", "{% assign a = page.b | size %}"),
    repeated("raw tags in code", "`{% raw %}` "),
    repeated("cells without a header", "|a`b`"),
    repeated("rows without a header", "|a|b|\n"),
    repeated("rows of different lengths", "|a|b|\n|---|\n|a|\n\n"),
    repeated("attribute lists", "a {:b}"),
    repeated("attribute lists of spans", "*a*{:.b}"),
    repeated("attribute lists on lines", "{:#b}\n"),
    repeated("ids", "# a {#b}\n\n"),
    repeated("block ends", "* a\n^\n"),
    repeated("HTML with Markdown", "<p markdown='1'>*a*</p>\n"),
    repeated("formulas", "$$a_b$$ "),
    repeated("open formulas", "$$a "),
    after("abbreviations", "*[a]: b\n\n", "a "),
    repeated("definitions", "a\n: b\n\n"),
    repeated("many filters", "{{page.a|upcase|truncate:9}}"),
];
