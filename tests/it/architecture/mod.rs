//! The invariants of ARCHITECTURE.md, each under its number.

mod manifests;
mod sources;

use manifests::{Manifest, manifest, manifests};
use sources::Sources;

use crate::dependencies::graph::Graph;

/// Which of our crates each crate may build upon. A crate that is not here fails the test.
const LAYERS: &[(&str, &[&str])] = &[
    ("tintero-markdown", &[]),
    ("tintero-domain", &["tintero-markdown"]),
    ("tintero-embedded", &[]),
    ("tintero-media", &[]),
    ("tintero-storage", &["tintero-domain"]),
    ("tintero-http", &["tintero-domain"]),
    ("tintero-importer", &["tintero-markdown"]),
    (
        "tintero",
        &[
            "tintero-domain",
            "tintero-embedded",
            "tintero-http",
            "tintero-importer",
            "tintero-media",
            "tintero-storage",
        ],
    ),
    ("tintero-tests", &[]),
];

/// What reaches out of the process, or exists to do so.
const DOES_IO: &[&str] = &[
    "aws-config",
    "axum",
    "hyper",
    "mio",
    "reqwest",
    "rusqlite",
    "rustls",
    "socket2",
    "tokio",
];

#[test]
fn crates_build_upon_the_layers_below_them_only() {
    for Manifest { name, dependencies } in manifests() {
        let (_, below) = LAYERS
            .iter()
            .find(|(layer, _)| *layer == name)
            .unwrap_or_else(|| panic!("{name} has no layer yet: say what it may build upon"));
        for ours in dependencies
            .iter()
            .filter(|name| name.starts_with("tintero"))
        {
            assert!(
                below.contains(&ours.as_str()),
                "{name} must not know {ours}"
            );
        }
    }
}

#[test]
fn i1_the_domain_reaches_nothing_outside_the_process() {
    let graph = Graph::of_this_host();
    let below = graph.below("tintero-domain");
    assert!(
        below.contains("tintero-markdown"),
        "the graph is not what this test takes it for"
    );
    for name in DOES_IO {
        assert!(!below.contains(*name), "tintero-domain builds upon {name}");
    }
    let sources = Sources::of(&["crates/domain", "crates/markdown"]);
    for word in [
        "std::fs",
        "std::net",
        "std::process",
        "std::io",
        "std::thread::sleep",
    ] {
        sources.hold(word, &[], "the rules do no input and no output");
    }
}

#[test]
fn i2_aws_crates_are_known_to_storage_and_the_engine_only() {
    // Cryptography under a similar name.
    const NO_SERVICE: &str = "aws-lc-rs";
    for Manifest { name, dependencies } in manifests() {
        let aws = dependencies.iter().find(|name| {
            name.starts_with("aws-") && *name != NO_SERVICE || *name == "serde_dynamo"
        });
        assert!(
            aws.is_none() || ["tintero-storage", "tintero-embedded"].contains(&name.as_str()),
            "{name} must not know {}",
            aws.map_or("", String::as_str)
        );
    }
}

#[test]
fn i3_axum_is_known_to_http_and_the_wiring_only() {
    for Manifest { name, dependencies } in manifests() {
        let web = dependencies.iter().find(|name| {
            ["axum", "utoipa", "tower-http"]
                .iter()
                .any(|web| name.starts_with(web))
        });
        assert!(
            web.is_none() || ["tintero-http", "tintero"].contains(&name.as_str()),
            "{name} must not know {}",
            web.map_or("", String::as_str)
        );
    }
    assert!(
        !manifest("tintero")
            .dependencies
            .iter()
            .any(|name| name.starts_with("utoipa")),
        "the description of the API is made in tintero-http"
    );
}

#[test]
fn i4_time_and_ids_enter_through_the_clock_and_ids() {
    // Each of them asks once, at the entrance of its process.
    let entrances = ["crates/server/src/clock.rs", "crates/importer/src/run.rs"];
    let sources = Sources::of(&["crates"]);
    for word in [
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "Uuid::now_v7",
        "Uuid::new_v4",
    ] {
        sources.hold(word, &entrances, "ask `Clock` or `Ids`");
    }
}

#[test]
fn i5_the_environment_is_read_by_the_configuration_only() {
    let sources = Sources::of(&["crates"]);
    for word in ["std::env", "env::var", "env::args"] {
        let rooms = ["crates/server/src/config"];
        sources.hold(word, &rooms, "a setting belongs to `Config`");
    }
    // Clap reads variables for arguments that say so.
    let arguments = ["crates/importer/src/args.rs"];
    sources.hold("env = \"", &arguments, "a setting belongs to `Config`");
}

#[test]
fn i6_status_codes_of_the_api_are_known_to_http_only() {
    // The engine answers and the importer asks in HTTP, neither of them for our API.
    let spoken = ["crates/http", "crates/embedded", "crates/importer"];
    Sources::of(&["crates"]).hold("StatusCode", &spoken, "return a domain error");
}

#[test]
fn i7_keys_are_spelled_in_the_keys_module_only() {
    let sources = Sources::of(&["crates"]);
    sources.hold_where(
        spells_a_key,
        &["crates/storage/src/keys"],
        "add a function to storage's keys",
    );
}

#[test]
fn i8_no_request_scans_or_filters_a_table() {
    let sources = Sources::of(&["crates/storage"]);
    for word in [".scan(", "filter_expression("] {
        sources.hold(
            word,
            // The doctor looks at everything, and nobody waits for it.
            &[
                "crates/storage/src/migrations",
                "crates/storage/src/doctor",
                "crates/storage/src/dynamo/examination.rs",
            ],
            "the key is wrong: make one to query",
        );
    }
}

#[test]
fn the_black_box_tests_know_none_of_our_crates() {
    let known = manifests::with_tests("tintero-tests");
    let ours: Vec<_> = known
        .iter()
        .filter(|name| name.starts_with("tintero"))
        .collect();
    assert!(
        ours.is_empty(),
        "tests from outside must not look inside: {ours:?}"
    );
}

#[test]
fn the_page_names_the_test_of_each_invariant() {
    let page = include_str!("../../../ARCHITECTURE.md");
    let tests = include_str!("mod.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("fn i"));
    for test in tests.filter_map(|rest| rest.split('(').next()) {
        assert!(
            page.contains(&format!("`i{test}`")),
            "ARCHITECTURE.md must name i{test}"
        );
    }
}

/// True for a text literal that begins as our keys do: capitals, then `#`.
fn spells_a_key(line: &str) -> bool {
    line.split('"').skip(1).step_by(2).any(|literal| {
        let capitals = literal.bytes().take_while(u8::is_ascii_uppercase).count();
        capitals > 0 && literal[capitals..].starts_with('#')
    })
}

#[test]
fn a_key_is_recognised_by_its_capitals() {
    assert!(spells_a_key(r#"format!("P#{id}")"#));
    assert!(spells_a_key(r#"Key::new(x, "BODY#")"#));
    assert!(!spells_a_key(r#"Key::new(x, "META")"#));
    assert!(!spells_a_key(r##"html.contains("#top")"##));
}
