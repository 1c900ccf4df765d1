use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

fn url_of(
    template: &PermalinkTemplate,
    categories: &[&str],
    slug: &str,
) -> Result<String, PermalinkError> {
    let date = date(2009, 2, 7)
        .at(9, 5, 3, 0)
        .to_zoned(TimeZone::UTC)
        .unwrap();
    let categories: Vec<String> = categories.iter().map(|&name| name.to_owned()).collect();
    let path = "_posts/2009-02-07-Hello World.md";
    template.url(&PermalinkFields {
        date: &date,
        categories: &categories,
        slug,
        path,
    })
}

fn raw(template: &str) -> String {
    let template = PermalinkTemplate::of_post(template);
    decoded(&url_of(&template, &["Web Dev", "ES", "es"], "Hello World!").unwrap())
}

#[test]
fn built_in_styles_are_those_of_jekyll() {
    let styled = |style| url_of(&PermalinkTemplate::of_site(style), &["es"], "Hola").unwrap();
    assert_eq!(styled("date"), "/es/2009/02/07/Hola.html");
    assert_eq!(styled("pretty"), "/es/2009/02/07/Hola/");
    assert_eq!(styled("ordinal"), "/es/2009/038/Hola.html");
    assert_eq!(styled("weekdate"), "/es/2009/W06/Sat/Hola.html");
    assert_eq!(styled("none"), "/es/Hola.html");
    let default = url_of(&PermalinkTemplate::default(), &[], "Hola").unwrap();
    assert_eq!(default, "/2009/02/07/Hola.html");
}

#[test]
fn every_placeholder_is_filled() {
    for (template, expected) in [
        (
            "/:year-:short_year/:month/:i_month/:day/:i_day/",
            "/2009-09/02/2/07/7/",
        ),
        (":short_month/:long_month/:y_day", "/Feb/February/038"),
        (
            ":w_year/:week/:w_day/:short_day/:long_day",
            "/2009/06/6/Sat/Saturday",
        ),
        ("/:hour.:minute.:second", "/09.05.03"),
        (
            ":title/:slug/:name",
            "/Hello-World!/hello-world/2009-02-07-hello-world",
        ),
        ("/:categories", "/web dev/es"),
        ("/:slugified_categories/", "/web-dev/es/"),
        (
            "/:collection/:path:output_ext",
            "/posts/2009-02-07-Hello World.html",
        ),
        // An underscore can follow a placeholder.
        ("/:month_:day_/:year_", "/02_07_/2009_"),
    ] {
        assert_eq!(raw(template), expected);
    }
}

#[test]
fn case_and_accents_are_kept_and_percent_encoded() {
    let template = PermalinkTemplate::of_site("/:categories/:title:output_ext");
    let url = url_of(
        &template,
        &["Serverless", "iac"],
        "serverless - Infraestructura como código",
    );
    let url = url.unwrap();
    assert_eq!(
        decoded(&url),
        "/serverless/iac/serverless-Infraestructura-como-código.html"
    );
    assert_eq!(
        url,
        "/serverless/iac/serverless-Infraestructura-como-c%C3%B3digo.html"
    );
}

#[test]
fn a_post_keeps_its_own_permalink() {
    assert_eq!(raw("about/this"), "/about/this");
    assert_eq!(raw("/ñ/"), "/ñ/");
    assert_eq!(raw("//a///b"), "/a/b");
}

#[test]
fn a_permalink_cannot_leave_the_site() {
    for template in [
        "../../etc/passwd",
        "/a/../b",
        "/%2e%2e/x",
        "/a/%2E./b",
        "/..\\x",
        "/a\u{0}b",
    ] {
        let refused = url_of(&PermalinkTemplate::of_post(template), &[], "x");
        assert!(
            matches!(refused, Err(PermalinkError::Escapes { .. })),
            "{template}"
        );
    }
}

#[test]
fn an_unknown_placeholder_is_an_error() {
    let url = |template| url_of(&PermalinkTemplate::of_post(template), &[], "x").unwrap_err();
    assert_eq!(
        url("/:nonsense/"),
        PermalinkError::UnknownPlaceholder {
            name: "nonsense".to_owned()
        }
    );
}

proptest! {
    #[test]
    fn a_url_is_the_encoded_form_of_a_safe_path(slug in "[^\\p{C}]{0,30}", category in "[^\\p{C}]{0,12}") {
        if let Ok(url) = url_of(&PermalinkTemplate::default(), &[&category], &slug) {
            let raw = decoded(&url);
            prop_assert!(url.is_ascii());
            prop_assert!(raw.starts_with('/') && !raw.split('/').any(|part| part == ".."));
            prop_assert_eq!(encode_path(&raw), url);
        }
    }

    #[test]
    fn no_template_panics(template in "[:a-z_/.%0-9é -]{0,40}") {
        let _ = url_of(&PermalinkTemplate::of_post(&template), &["a"], "b");
    }
}
