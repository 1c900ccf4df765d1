//! Tests of the invariants in ARCHITECTURE.md, numbered as there.

mod imports;
mod manifests;
mod sources;
mod type_names;

use manifests::{Manifest, manifest, manifests};
use sources::Sources;

use crate::dependencies::graph::Graph;

/// The workspace crates that each crate may depend on. A crate that is not listed fails the test.
const LAYERS: &[(&str, &[&str])] = &[
    ("tintero-markdown", &[]),
    ("tintero-domain", &["tintero-markdown"]),
    ("tintero-embedded", &[]),
    ("tintero-media", &["tintero-domain"]),
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
    ("tintero-test-s3", &[]),
    ("tintero-tests", &[]),
];

/// Crates that do input or output.
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
fn crates_depend_only_on_lower_layers() {
    for Manifest { name, dependencies } in manifests() {
        let (_, below) = LAYERS
            .iter()
            .find(|(layer, _)| *layer == name)
            .unwrap_or_else(|| panic!("{name} has no entry in LAYERS"));
        for ours in dependencies
            .iter()
            .filter(|name| name.starts_with("tintero"))
        {
            assert!(
                below.contains(&ours.as_str()),
                "{name} must not depend on {ours}"
            );
        }
    }
}

#[test]
fn i1_the_domain_does_no_io() {
    let graph = Graph::of_this_host();
    let below = graph.below("tintero-domain");
    assert!(
        below.contains("tintero-markdown"),
        "the dependency graph is incomplete"
    );
    for name in DOES_IO {
        assert!(!below.contains(*name), "tintero-domain depends on {name}");
    }
    let sources = Sources::of(&["crates/domain", "crates/markdown"]);
    for word in ["std::fs", "std::net", "std::process", "std::thread::sleep"] {
        sources.forbid(word, &[], "domain and markdown do no input or output");
    }
    // The sanitiser reads from memory and writes to memory through the traits.
    let in_memory = ["crates/markdown/src/render/sanitise.rs"];
    sources.forbid(
        "std::io",
        &in_memory,
        "domain and markdown do no input or output",
    );
}

#[test]
fn i2_only_storage_and_embedded_use_aws_crates() {
    // A cryptography library, not an AWS service.
    const NO_SERVICE: &str = "aws-lc-rs";
    for Manifest { name, dependencies } in manifests() {
        let aws = dependencies.iter().find(|name| {
            name.starts_with("aws-") && *name != NO_SERVICE || *name == "serde_dynamo"
        });
        assert!(
            aws.is_none() || ["tintero-storage", "tintero-embedded"].contains(&name.as_str()),
            "{name} must not depend on {}",
            aws.map_or("", String::as_str)
        );
    }
}

#[test]
fn i3_only_http_and_the_server_use_axum() {
    for Manifest { name, dependencies } in manifests() {
        let web = dependencies.iter().find(|name| {
            ["axum", "utoipa", "tower-http"]
                .iter()
                .any(|web| name.starts_with(web))
        });
        assert!(
            web.is_none() || ["tintero-http", "tintero"].contains(&name.as_str()),
            "{name} must not depend on {}",
            web.map_or("", String::as_str)
        );
    }
    assert!(
        !manifest("tintero")
            .dependencies
            .iter()
            .any(|name| name.starts_with("utoipa")),
        "tintero-http generates the API description"
    );
}

#[test]
fn i4_time_and_ids_come_from_clock_and_ids() {
    // The entry points that read the system clock for the rest of their process.
    let entrances = ["crates/server/src/clock.rs", "crates/importer/src/run.rs"];
    let sources = Sources::of(&["crates"]);
    for word in [
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "Uuid::now_v7",
        "Uuid::new_v4",
    ] {
        sources.forbid(word, &entrances, "use `Clock` or `Ids`");
    }
}

#[test]
fn i5_only_the_configuration_reads_the_environment() {
    let sources = Sources::of(&["crates"]);
    for word in ["std::env", "env::var", "env::args"] {
        let rooms = ["crates/server/src/config"];
        sources.forbid(word, &rooms, "read settings through `Config`");
    }
    // Clap reads a variable for each argument that names one.
    let arguments = ["crates/importer/src/args.rs"];
    sources.forbid("env = \"", &arguments, "read settings through `Config`");
}

#[test]
fn i6_only_http_uses_status_codes_of_the_api() {
    // The engine is an HTTP server for the SDK, and the importer is an HTTP client.
    let exceptions = [
        "crates/http",
        "crates/embedded",
        "crates/importer",
        // Names a retry rule of the SDK.
        "crates/storage/src/client/request.rs",
        // An HTTP client of S3.
        "crates/storage/src/image_files/s3/bucket.rs",
    ];
    Sources::of(&["crates"]).forbid("StatusCode", &exceptions, "return a domain error");
}

#[test]
fn i7_only_the_keys_module_spells_keys() {
    let sources = Sources::of(&["crates"]);
    sources.forbid_where(
        spells_a_key,
        &["crates/storage/src/keys"],
        "add a function to storage::keys",
    );
}

#[test]
fn i8_no_request_scans_or_filters_a_table() {
    let sources = Sources::of(&["crates/storage"]);
    for word in [".scan(", "filter_expression("] {
        sources.forbid(
            word,
            // Commands that examine whole tables outside of requests.
            &[
                "crates/storage/src/migrations",
                "crates/storage/src/doctor",
                "crates/storage/src/dynamo.rs",
            ],
            "add a key or an index to query instead",
        );
    }
}

#[test]
fn black_box_tests_depend_on_no_workspace_crate() {
    let known = manifests::with_tests("tintero-tests");
    let ours: Vec<_> = known
        .iter()
        // A server of another protocol, which has no code of the product.
        .filter(|name| name.starts_with("tintero") && *name != "tintero-test-s3")
        .collect();
    assert!(
        ours.is_empty(),
        "black-box tests must not depend on {ours:?}"
    );
}

#[test]
fn architecture_md_names_the_test_of_each_invariant() {
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

/// Whether a line has a string literal that starts like a key: capital letters, then `#`.
fn spells_a_key(line: &str) -> bool {
    line.split('"').skip(1).step_by(2).any(|literal| {
        let capitals = literal.bytes().take_while(u8::is_ascii_uppercase).count();
        capitals > 0 && literal[capitals..].starts_with('#')
    })
}

#[test]
fn keys_are_recognised_by_their_capital_letters() {
    assert!(spells_a_key(r#"format!("P#{id}")"#));
    assert!(spells_a_key(r#"Key::new(x, "BODY#")"#));
    assert!(!spells_a_key(r#"Key::new(x, "META")"#));
    assert!(!spells_a_key(r##"html.contains("#top")"##));
}
