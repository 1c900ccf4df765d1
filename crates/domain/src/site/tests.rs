//! The addresses in paths that follow a pattern.

use proptest::prelude::*;

use super::{UrlPattern, pattern::UrlVariables};
use crate::values::Address;

fn found(pattern: &str, path: &str) -> Option<String> {
    let pattern: UrlPattern = pattern.parse().unwrap();
    let found = pattern.address_in(path, &"es".parse().unwrap())?;
    Some(format!("{} {}", found.locale, found.slug))
}

#[test]
fn the_slug_and_the_language_are_found() {
    for (pattern, path, expected) in [
        ("/{slug}", "/hola", Some("es hola")),
        ("/{slug}", "/hola/", Some("es hola")),
        ("/{slug}/", "/hola/index.html", Some("es hola")),
        ("/{slug}", "/hola/adios", None),
        ("/{slug}.html", "/hola", None),
        ("/{locale}/{slug}", "/en/hola", Some("en hola")),
        (
            "/{year}/{month}/{day}/{slug}.html",
            "/2026/11/22/a-b.html",
            Some("es a-b"),
        ),
        ("/{year}/{slug}", "/26/hola", None),
        ("/{year}-{slug}", "/2026-hola-1", Some("es hola-1")),
        (
            "/{category}/{slug}.html",
            "/nube/aws/hola.html",
            Some("es hola"),
        ),
        ("/{category}/{slug}.html", "/hola.html", Some("es hola")),
        ("/{category}/{slug}.html", "/Nube/Hola.html", None),
        ("/blog/{category}/{slug}", "/blog/hola", Some("es hola")),
        ("/{slug}", "/", None),
        ("/{slug}", "", None),
    ] {
        assert_eq!(
            found(pattern, path).as_deref(),
            expected,
            "{pattern} {path}"
        );
    }
}

proptest! {
    #[test]
    fn the_address_of_a_filled_pattern_is_found_again(
        pattern in prop::sample::select(vec![
            "/{slug}", "/{slug}/", "/{locale}/{slug}.html", "/{category}/{slug}.html", "/{year}/{month}/{slug}/",
            "/blog/{locale}/{category}/{year}-{month}-{day}-{slug}", "/{locale}/{year}/{slug}/amp",
        ]),
        slug in "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}",
        category in prop::option::of("[a-z]{1,8}(/[a-z]{1,8}){0,2}"),
    ) {
        let pattern: UrlPattern = pattern.parse().unwrap();
        let address = Address { locale: "es".parse().unwrap(), slug: slug.parse().unwrap() };
        let path = pattern.fill(UrlVariables { address: &address, category: category.as_deref(), date: "2026-11-22" });
        prop_assert_eq!(pattern.address_in(&path, &address.locale), Some(address));
    }

    #[test]
    fn any_path_is_compared_in_bounded_time(path in "(/[a-z0-9-]{0,40}){0,30}") {
        let pattern: UrlPattern = "/{locale}/{category}-{slug}-{year}".parse().unwrap();
        let _ = pattern.address_in(&path, &"es".parse().unwrap());
    }
}
