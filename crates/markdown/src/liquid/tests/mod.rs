mod blocks;

use proptest::prelude::*;

use super::*;
use crate::report::{ReferenceKind, RenderWarningKind};
use crate::targets::NoTargets;
use crate::templates::evaluate;

struct OnePost;

impl Targets for OnePost {
    fn image(&self, _: &str) -> Option<String> {
        None
    }

    fn post(&self, name: &str) -> Option<String> {
        (name == "2018-02-06-hello").then(|| "/posts/hello".to_owned())
    }
}

fn site() -> SiteConfig {
    let config = "title: Blog\nurl: https://example.org\nbaseurl: /base/\nowner: {name: Ana}";
    let page = crate::front_matter::parse_yaml("title: Hola\n", 1)
        .unwrap()
        .map;
    SiteConfig::read(config.as_bytes())
        .unwrap()
        .0
        .with_page(page)
}

fn evaluated(source: &str) -> Evaluated {
    evaluate(source, Format::Markdown, &site(), &OnePost)
}

fn text(source: &str) -> String {
    evaluated(source).text
}

#[test]
fn literals_and_variables_are_evaluated() {
    assert_eq!(text("a {{ 'b' }} c"), "a b c");
    assert_eq!(
        text("{{site.title}} {{ site.owner.name }} {{ page.title }}"),
        "Blog Ana Hola"
    );
}

#[test]
fn urls_are_joined_and_percent_encoded() {
    let image = "![a]({{ \"/assets/A bé.png\" | relative_url }})";
    assert_eq!(text(image), "![a](/base/assets/A%20b%C3%A9.png)");
    let absolute = "{{ 'x' | absolute_url }} {{ 'http://a.b/c d' | relative_url }}";
    assert_eq!(text(absolute), "https://example.org/base/x http://a.b/c d");
    let encoded = "{{ '/a%20b?c#d' | relative_url }}";
    let plain = evaluate(
        encoded,
        Format::Markdown,
        &SiteConfig::default(),
        &NoTargets,
    );
    assert_eq!(plain.text, "/a%20b?c#d");
}

#[test]
fn filters_can_be_chained() {
    for (source, expected) in [
        (
            "{{ 'a b' | upcase | append: '!' | prepend: site.title }}",
            "BlogA B!",
        ),
        (
            "{{ ' x-x ' | strip | replace: 'x', 'y' | remove: '-' }}",
            "yy",
        ),
        ("{{ page.nope | default: 'z' }}", "z"),
        (
            "{{ 'Ñandú y' | slugify: 'latin' }} {{ 'abcdef' | truncate: 5 }}",
            "nandu-y ab...",
        ),
        (
            "{{ '<a&b>' | escape }} {{ 'a b&' | url_encode }}",
            "&lt;a&amp;b&gt; a+b%26",
        ),
    ] {
        assert_eq!(text(source), expected);
    }
}

#[test]
fn filters_cannot_build_long_texts() {
    let short = format!("{{{{ 'a' | append: '{}' }}}}", "b".repeat(8000));
    assert_eq!(text(&short).len(), 8001);
    let long = "c".repeat(5000);
    for filters in ["append", "prepend", "replace_first: 'c',"] {
        let filters = format!("{filters}: '{long}'").replace(",:", ",");
        let source = format!("{{{{ '{long}' | {filters} }}}}");
        assert_eq!(text(&source), source, "kept as unsupported");
    }
    let input = format!("{{{{ '{}' | upcase }}}}", "d".repeat(9000));
    assert_eq!(text(&input), input);
}

#[test]
fn an_unknown_value_is_left_out_with_a_warning() {
    let evaluated = evaluated("one\ntwo {{ page.nope }}.");
    assert_eq!(evaluated.text, "one\ntwo .");
    assert_eq!(
        (evaluated.warnings[0].kind, evaluated.warnings[0].line),
        (RenderWarningKind::UnknownValue, 2)
    );
}

#[test]
fn unsupported_liquid_is_kept_with_a_warning() {
    for source in [
        "{% include x.html %}",
        "{% if a %}",
        "{{ site.posts[0] }}",
        "{{ x }}",
        "{{ 'a' | markdownify }}",
        "{{ }}",
        "{% raw %}",
        "{% highlight c %}",
    ] {
        let evaluated = evaluated(source);
        assert_eq!(evaluated.text, source);
        assert_eq!(evaluated.warnings.len(), 1, "{source}");
        assert_eq!(evaluated.warnings[0].construct, source);
    }
}

#[test]
fn code_is_not_changed() {
    for source in [
        "`{{ 'a' }}`",
        "```\n{{ 'a' }}\n{% raw %}\n```\n",
        "``a ` {% link b %}``",
    ] {
        assert_eq!(text(source), source);
        assert!(evaluated(source).warnings.is_empty());
    }
}

#[test]
fn html_has_no_code_spans() {
    let html = evaluate("<p>` {{ 'a' }} `</p>", Format::Html, &site(), &OnePost);
    assert_eq!(html.text, "<p>` a `</p>");
}

#[test]
fn highlight_becomes_a_fence_longer_than_any_inside() {
    let source = "{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}\nafter";
    assert_eq!(text(source), "```ruby\nputs 1\n```\nafter");
    assert_eq!(
        text("{% highlight md %}\n```\n{{ x }}\n```\n{% endhighlight %}"),
        "````md\n```\n{{ x }}\n```\n````\n"
    );
    assert_eq!(
        text("a {% highlight c %}x{% endhighlight %} b"),
        "a \n\n```c\nx\n```\n b"
    );
}

#[test]
fn raw_is_literal_and_comments_are_removed() {
    assert_eq!(
        text("{% raw %}{{ x }} {% y %}{% endraw %}!"),
        "{{ x }} {% y %}!"
    );
    assert_eq!(text("a{% comment %} {{ x }} {% endcomment %}b"), "ab");
}

#[test]
fn known_posts_are_linked() {
    let evaluated = evaluated("[a]({% post_url 2018-02-06-hello %}) [b]({% post_url nope %})");
    assert_eq!(evaluated.text, "[a](/posts/hello) [b]({% post_url nope %})");
    let kinds: Vec<_> = evaluated
        .references
        .iter()
        .map(|found| (found.kind, found.url.is_some()))
        .collect();
    assert_eq!(
        kinds,
        [(ReferenceKind::Post, true), (ReferenceKind::Post, false)]
    );
    assert_eq!(evaluated.warnings[0].kind, RenderWarningKind::UnknownTarget);
}

#[test]
fn hyphens_remove_the_surrounding_white_space() {
    assert_eq!(text("a \n {{- 'b' -}} \n c"), "abc");
}

#[test]
fn lines_are_those_of_the_source() {
    let evaluated = evaluated("{% comment %}\n\n{% endcomment %}\n{{ page.nope }}\nx");
    assert_eq!(evaluated.warnings[0].line, 4);
    assert_eq!(evaluated.lines.source(2), 4);
    assert_eq!(evaluated.lines.source(3), 5);
}

proptest! {
    #[test]
    fn no_text_makes_the_evaluator_panic(source in "[a-c {}%|:'\"`\n.\\-é]{0,120}") {
        let _ = evaluated(&source);
    }

    #[test]
    fn text_without_braces_is_left_alone(source in "[^{]{0,120}") {
        prop_assert_eq!(text(&source), source);
    }
}
