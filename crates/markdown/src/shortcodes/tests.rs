use crate::budget::{Budget, Stopped};
use crate::front_matter::{YamlMap, parse_yaml};
use crate::generator::Generator;
use crate::jekyll::file_name::Format;
use crate::jekyll::site::SiteConfig;
use crate::report::RenderWarningKind;
use crate::targets::Targets;
use crate::templates::output::Evaluated;

use super::evaluate;

struct Pages;

impl Targets for Pages {
    fn image(&self, _path: &str) -> Option<String> {
        None
    }

    fn file(&self, path: &str) -> Option<String> {
        (path == "posts/a.md").then(|| "/posts/a/".to_owned())
    }
}

fn evaluated(generator: Generator, source: &str) -> Evaluated {
    let map = |text| parse_yaml(text, 1).unwrap().map;
    let site = SiteConfig::new(map("params: {city: Lugo}")).with_page(map("color: red"));
    let site = (&site, &Pages as &dyn Targets);
    evaluate(
        source,
        Format::Markdown,
        generator,
        site,
        &Budget::default(),
    )
    .unwrap()
}

fn hugo(source: &str) -> String {
    evaluated(Generator::Hugo, source).text
}

fn zola(source: &str) -> String {
    evaluated(Generator::Zola, source).text
}

#[test]
fn a_figure_is_a_paragraph_of_its_own() {
    assert_eq!(
        hugo("Text {{< figure src=\"a b.png\" title=\"T\" caption=\"See *it*\" >}}\nMore"),
        "Text \n\n<figure><img src=\"a b.png\" alt=\"See *it*\"><figcaption><strong>T</strong> \
         See <em>it</em></figcaption></figure>\n\nMore"
    );
    assert_eq!(
        zola("{{ figure(src=\"a.png\", caption=\"<b>\") }}"),
        "<figure><img src=\"a.png\" alt=\"&lt;b&gt;\"><figcaption>&lt;b&gt;</figcaption></figure>\n\n"
    );
}

#[test]
fn players_and_links_have_checked_ids() {
    let player = "<iframe src=\"https://www.youtube-nocookie.com/embed/w7Ft-2_c\"></iframe>\n\n";
    assert_eq!(hugo("{{< youtube w7Ft-2_c >}}"), player);
    assert_eq!(
        zola("{{ youtube(id=\"w7Ft-2_c\", autoplay=true) }}"),
        player
    );
    assert!(hugo("{{< youtube \"x\\\"onload\" >}}").starts_with("{{&lt; youtube"));
    let gist = "<a href=\"https://gist.github.com/ana/12\">https://gist.github.com/ana/12</a>\n\n";
    assert_eq!(hugo("{{< gist ana 12 >}}"), gist);
    assert!(hugo("{{< tweet user=\"ana\" id=\"77\" >}}").contains("/ana/status/77"));
}

#[test]
fn highlighted_code_is_a_fenced_block() {
    assert_eq!(
        hugo("{{< highlight go \"linenos=table\" >}}\nx := `{{< y >}}`\n{{< /highlight >}}\nafter"),
        "```go\nx := `{{< y >}}`\n```\n\nafter"
    );
}

#[test]
fn references_have_the_url_of_their_page() {
    let done = evaluated(
        Generator::Hugo,
        "[a]({{< relref \"posts/a.md#part\" >}}) [b]({{% ref \"posts/b.md\" %}})",
    );
    assert_eq!(
        done.text,
        "[a](/posts/a/#part) [b]({{% ref \"posts/b.md\" %}})"
    );
    assert_eq!(done.references.len(), 2);
    assert_eq!(done.warnings[0].kind, RenderWarningKind::UnknownTarget);
}

#[test]
fn parameters_come_from_the_page_and_the_site() {
    assert_eq!(
        hugo("{{% param \"color\" %}} {{< param city >}} {{< param none >}}"),
        "red Lugo {{&lt; param none >}}"
    );
}

#[test]
fn unknown_shortcodes_are_kept_and_counted_once() {
    let source = "{{< notice tip >}}\n*one*\n{{< /notice >}}\n\n{{< notice tip >}}x{{< /notice >}}";
    let done = evaluated(Generator::Hugo, source);
    assert_eq!(done.text, source.replace("{{<", "{{&lt;"));
    let warnings: Vec<_> = done.warnings.iter().collect();
    assert_eq!((warnings.len(), warnings[0].count), (1, 2));
    assert_eq!(warnings[0].kind, RenderWarningKind::Shortcode);
    assert_eq!(
        zola("{% quote(a=1) %}\nx\n{% end %}"),
        "{% quote(a=1) %}\nx\n{% end %}"
    );
}

#[test]
fn details_keep_their_markdown() {
    assert_eq!(
        hugo("{{< details summary=\"More\" >}}\n**x**\n{{< /details >}}"),
        "<details><summary>More</summary>\n\n\n**x**\n\n\n</details>\n\n"
    );
}

#[test]
fn escaped_shortcodes_and_code_are_text() {
    assert_eq!(hugo("{{</* youtube x */>}}"), "{{&lt; youtube x >}}");
    assert_eq!(
        hugo("`{{</* y */>}}` and `{{< y >}}`"),
        "`{{< y >}}` and `{{< y >}}`"
    );
    assert_eq!(zola("{{/* youtube() */}}"), "{{ youtube() }}");
    assert_eq!(zola("{{ page.title }} {% raw"), "{{ page.title }} {% raw");
}

#[test]
fn the_work_on_shortcodes_is_counted() {
    for pattern in ["{{< a >}}", "{{< /a >}}", "{{< a \" >}}", "{% a(b=1) %}"] {
        let source = pattern.repeat(1000);
        for generator in [Generator::Hugo, Generator::Zola] {
            let site = SiteConfig::new(YamlMap::default());
            let budget = Budget::default();
            let site = (&site, &Pages as &dyn Targets);
            let done = evaluate(&source, Format::Markdown, generator, site, &budget);
            assert!(done.is_ok(), "{pattern}");
            assert!(budget.steps() >= source.len() as u64, "{pattern}");
        }
    }
    let source = "{{<".repeat(300_000);
    let site = SiteConfig::default();
    let site = (&site, &Pages as &dyn Targets);
    let budget = Budget::default();
    let stopped = evaluate(&source, Format::Markdown, Generator::Hugo, site, &budget);
    assert!(matches!(stopped, Err(Stopped::TooComplex(_))));
}
