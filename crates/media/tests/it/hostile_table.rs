use std::fmt::Write as _;

use tintero_domain::Error;

use crate::{
    carriers::SECRET,
    contains,
    hostile_files::{self, Named, SCRIPTS},
    prepare,
};

/// What no stored file contains.
const UNWANTED: [&[u8]; 5] = [SECRET, b"alert(1)", b"<?php", b"PK\x03\x04", b"example.org"];

/// What an upload of the file gets.
async fn outcome(name: &str, file: &[u8]) -> String {
    match prepare(file).await {
        Err(Error::Invalid(errors)) => {
            format!("refused: {}", errors.iter().next().unwrap().error.detail)
        }
        Err(other) => panic!("{name}: {other:?}"),
        Ok(prepared) => {
            for unwanted in UNWANTED {
                let unwanted_text = String::from_utf8_lossy(unwanted);
                assert!(
                    !contains(&prepared.bytes, unwanted),
                    "{name}: {unwanted_text}"
                );
            }
            let kept = if prepared.bytes == file {
                "as it is"
            } else {
                "without it"
            };
            let extension = prepared.media_type.extension();
            format!(
                "stored {kept} as `.{extension}`, {} × {}",
                prepared.width, prepared.height
            )
        }
    }
}

fn scripts() -> Vec<Named> {
    let svg = |contents: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg'>{contents}<circle r='5'/></svg>")
    };
    let mut files: Vec<_> = SCRIPTS
        .iter()
        .map(|(name, contents)| (*name, svg(contents).into_bytes()))
        .collect();
    let entity = "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>";
    files.push((
        "external entity",
        format!("{entity}{}", svg("<text>&x;</text>")).into(),
    ));
    let wide: Vec<u8> = svg("<script>alert(1)</script>")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    files.push(("UTF-16", [b"\xFF\xFE", &wide[..]].concat()));
    files
}

#[tokio::test]
async fn the_page_says_what_hostile_files_get() {
    let groups = [
        ("Private metadata", hostile_files::positions()),
        ("Two types in a file", hostile_files::polyglots()),
        ("Sizes and bombs", hostile_files::bombs()),
        ("Incomplete files and other types", hostile_files::broken()),
        ("Scripts in SVG", scripts()),
    ];
    let mut page = "# Hostile images\n\nA test ([`hostile_table`](../../crates/media/tests/it/hostile_table.rs)) uploads \
        these files and\ngenerates this page. It also checks that no stored file contains the script, the position or \
        the address.\nRefused files get a 422 with the reason.\n"
        .to_owned();
    for (title, files) in groups {
        write!(page, "\n## {title}\n\n| File | Result |\n| --- | --- |\n").unwrap();
        for (name, file) in files {
            let outcome = outcome(name, &file).await;
            writeln!(page, "| {name} | {outcome} |").unwrap();
        }
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/measurements/hostile-images.md"
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        stored == page,
        "docs/measurements/hostile-images.md is outdated. Run UPDATE_DOCS=1 cargo test -p tintero-media --test it"
    );
}
