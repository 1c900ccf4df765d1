use super::*;

fn site_of(config: &str) -> SiteConfig {
    let page = "title: Pan\ntags: [masa, horno]\nsteps:\n  - {name: mezclar, minutes: 5}\n  - {name: hornear, minutes: 40}\n";
    let page = crate::front_matter::parse_yaml(page, 1).unwrap().map;
    SiteConfig::read(config.as_bytes())
        .unwrap()
        .0
        .with_page(page)
}

fn with_site(config: &str, source: &str) -> Evaluated {
    evaluate(source, Format::Markdown, &site_of(config), &NoTargets)
}

fn shown(source: &str) -> String {
    with_site("title: Cocina", source).text
}

#[test]
fn variables_are_assigned_and_captured() {
    assert_eq!(shown("{% assign v = '1.2' %}v{{ v }}"), "v1.2");
    assert_eq!(
        shown("{% capture c %}{{ page.title }}!{% endcapture %}{{ c | upcase }}"),
        "PAN!"
    );
    assert_eq!(
        shown("{% assign n = 3 | plus: 4 | times: 2 %}{{ n }}"),
        "14"
    );
}

#[test]
fn conditions_choose_a_branch() {
    for (condition, expected) in [
        ("true", "a"),
        ("false", "b"),
        ("page.nope", "b"),
        ("page.title == 'Pan'", "a"),
        ("page.title != 'Pan'", "b"),
        ("page.tags contains 'horno' and page.tags.size >= 2", "a"),
        ("page.tags contains 'sal' or page.title contains 'an'", "a"),
        ("false and false or true", "b"),
        ("page.nope == blank", "a"),
        ("unknown_name", "b"),
        ("jekyll.environment == 'production'", "a"),
    ] {
        let source = format!("{{% if {condition} %}}a{{% else %}}b{{% endif %}}");
        assert_eq!(shown(&source), expected, "{condition}");
    }
    assert_eq!(shown("{% unless false %}a{% endunless %}"), "a");
    assert_eq!(
        shown("{% if false %}a{% elsif page.title == 'Pan' %}b{% else %}c{% endif %}"),
        "b"
    );
    assert_eq!(
        shown("{% case page.title %}{% when 'Sal', 'Pan' %}a{% else %}b{% endcase %}"),
        "a"
    );
}

#[test]
fn loops_repeat_their_content() {
    for (source, expected) in [
        ("{% for i in (1..3) %}{{ i }}{% endfor %}", "123"),
        (
            "{% for t in page.tags %}{{ forloop.index }}{{ t }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
            "1masa, 2horno",
        ),
        (
            "{% for s in page.steps %}{{ s.name }} {{ s['minutes'] }};{% endfor %}",
            "mezclar 5;hornear 40;",
        ),
        (
            "{% for i in (1..9) reversed limit: 2 offset: 1 %}{{ i }}{% endfor %}",
            "32",
        ),
        (
            "{% for i in page.nope %}x{% else %}none{% endfor %}",
            "none",
        ),
        (
            "{% for i in (1..5) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
            "13",
        ),
    ] {
        assert_eq!(shown(source), expected, "{source}");
    }
    assert_eq!(
        shown("{% for i in (1..2) %}\n  {% assign x = i %}\n{% endfor %}{{ x }}"),
        "2",
        "a loop that shows nothing adds no white space"
    );
}

#[test]
fn filters_of_lists_numbers_and_dates_are_applied() {
    for (source, expected) in [
        ("{{ 'c,a,b' | split: ',' | sort | join: '-' }}", "a-b-c"),
        (
            "{{ page.steps | map: 'name' | array_to_sentence_string: 'y' }}",
            "mezclar y hornear",
        ),
        (
            "{{ page.steps | where: 'name', 'hornear' | map: 'minutes' | first }}",
            "40",
        ),
        (
            "{{ page.tags | size }} {{ page.tags.last }} {{ page.tags[0] }}",
            "2 horno masa",
        ),
        (
            "{{ 7 | divided_by: 2 }} {{ 7.0 | divided_by: 2 }} {{ 4.6 | round }}",
            "3 3.5 5",
        ),
        ("{{ '2024-02-03' | date: '%-d/%m/%Y' }}", "3/02/2024"),
        ("{{ '2024-02-03' | date_to_string }}", "03 Feb 2024"),
        ("{{ 'uno dos tres' | truncatewords: 2 }}", "uno dos..."),
        (
            "{{ '<b>a</b>' | strip_html }} {{ 'a b' | slice: 2 }}",
            "a b",
        ),
        ("{{ page.tags | jsonify }}", "[\"masa\",\"horno\"]"),
    ] {
        assert_eq!(shown(source), expected, "{source}");
    }
}

const SNIPPETS: &str = "_includes:\n  nota.html: '<p>{{ include.text }} {{ page.title }}</p>'\n  dos/a.html: '{% include nota.html text=include.t %}'\n  loop.html: '{% include loop.html %}'\n";

#[test]
fn snippets_of_the_site_are_inserted_with_their_parameters() {
    let text = |source: &str| with_site(SNIPPETS, source).text;
    assert_eq!(
        text("{% include nota.html text=\"Hola\" %}"),
        "<p>Hola Pan</p>"
    );
    assert_eq!(text("{% include dos/a.html t='x' %}"), "<p>x Pan</p>");
    assert_eq!(
        text("{% assign f = 'nota.html' %}{% include {{ f }} text='y' %}"),
        "<p>y Pan</p>"
    );
    let missing = with_site(
        SNIPPETS,
        "{% include no.html %} {% include no.html a='b' %}",
    );
    assert_eq!(
        missing.text,
        "{% include no.html %} {% include no.html a='b' %}"
    );
    assert_eq!((missing.warnings.len(), missing.warnings[0].count), (1, 2));
    assert!(text("{% include loop.html %}").contains("loop.html"));
}

#[test]
fn what_depends_on_other_files_stays_visible() {
    for source in [
        "{% for p in site.posts %}{{ p.title }}{% endfor %}",
        "{% assign p = site.posts | first %}",
        "{% if site.tags.size > 2 %}a{% endif %}",
        "{{ site.data.menu }}",
        "{{ 'now' | date: '%Y' }}",
        "{% if a | b %}c{% endif %}",
    ] {
        let evaluated = with_site("title: x", source);
        assert_eq!(
            (evaluated.text.as_str(), evaluated.warnings.len()),
            (source, 1)
        );
    }
    let chained = with_site(
        "",
        "{% assign p = site.posts %}{% for x in p %}y{% endfor %}",
    );
    assert_eq!(chained.warnings.len(), 2);
    assert!(chained.text.contains("{% for x in p %}y{% endfor %}"));
}

#[test]
fn tags_without_their_end_stay_visible() {
    for source in [
        "{% if true %}a",
        "a{% endif %}",
        "{% for i in (1..2) %}{% if true %}b{% endfor",
        "{% else %}",
    ] {
        assert_eq!(shown(source), source);
    }
    assert_eq!(
        shown("{% for i in (1..2) %}{% if true %}b{% endfor %}"),
        "{% if true %}b{% if true %}b"
    );
}

#[test]
fn raw_tags_in_code_are_removed() {
    assert_eq!(shown("`{% raw %}{{ x }}{% endraw %}` a"), "`{{ x }}` a");
    assert_eq!(
        shown("```\n{% raw %}{{ x }}{% endraw %}\n{{ y }}\n```\n"),
        "```\n{{ x }}\n{{ y }}\n```\n"
    );
    assert_eq!(shown("`{% raw %}`"), "`{% raw %}`");
}

#[test]
fn a_page_can_turn_liquid_off() {
    let page = crate::front_matter::parse_yaml("render_with_liquid: false", 1)
        .unwrap()
        .map;
    let site = SiteConfig::default().with_page(page);
    let evaluated = evaluate("{{ 'a' }} {% x %}", Format::Markdown, &site, &NoTargets);
    assert_eq!(evaluated.text, "{{ 'a' }} {% x %}");
    assert!(evaluated.warnings.is_empty());
}

#[test]
fn too_much_work_leaves_the_body_as_it_is() {
    for source in [
        "{% for i in (1..1000000000) %}{% endfor %}".to_owned(),
        "{% for i in (1..200) %}{% for j in (1..200) %}x{% endfor %}{% endfor %}".to_owned(),
        format!(
            "{{% for i in (1..9000) %}}{}{{% endfor %}}",
            "long text ".repeat(200)
        ),
    ] {
        let budget = Budget::default();
        let evaluated = crate::templates::evaluate_within(
            &source,
            Format::Markdown,
            &SiteConfig::default(),
            &NoTargets,
            &budget,
        );
        assert_eq!(evaluated.unwrap().text, source);
        assert!(budget.exceeded().is_some(), "{source:.60}");
    }
}

#[test]
fn values_cannot_grow_without_limit() {
    let doubling = "{% assign a = 'x,x' | split: ',' %}".to_owned()
        + &"{% assign a = a | concat: a %}".repeat(40)
        + &"{% assign a = a | push: a %}".repeat(40)
        + "{{ a }}";
    assert!(shown(&doubling).len() < 200_000);
    let capture = "{% capture c %}{{ c }}{{ c }}xxxxxxxxxx{% endcapture %}".repeat(40) + "{{ c }}";
    assert!(shown(&capture).len() <= capture.len() + 1024 * 1024);
}

proptest! {
    #[test]
    fn no_arrangement_of_tags_makes_the_evaluator_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "{% if a %}", "{% if true and page.title %}", "{% else %}", "{% elsif 1 < 2 %}", "{% endif %}",
        "{% for i in (1..3) %}", "{% for t in page.tags reversed %}", "{% endfor %}", "{% break %}",
        "{% capture x %}", "{% endcapture %}", "{{ x | split: '' | last }}", "{% case x %}", "{% when 1 %}",
        "{% endcase %}", "{% assign x = x | append: 'é' | slice: -1 %}", "{%- raw -%}", "{% endraw %}", "`", "\n", "a",
        "{% include loop.html %}", "{{ forloop.index | divided_by: 0 }}", "{{ page.steps | map: 'name' | sort }}",
    ]), 0..30)) {
        let _ = with_site(SNIPPETS, &parts.concat());
    }
}
