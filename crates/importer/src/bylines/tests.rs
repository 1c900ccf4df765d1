use tintero_markdown::front_matter::{YamlMap, parse_yaml};

use super::*;
use crate::test_folder::test_folder;

fn read(files: &[(&str, &str)]) -> (SiteBylines, Vec<FileDiagnostic>) {
    let (_dir, folder) = test_folder(files);
    let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    SiteBylines::read(&folder, &paths)
}

fn author(name: &str) -> Author {
    Author {
        name: name.to_owned(),
        details: YamlMap::default(),
    }
}

const ANA: (&str, &str) = (
    "_authors/ana.md",
    "---\nname: Ana Güell\nposition: Arquitecta\nbio:\nphoto: /assets/ana.jpg\n---\nDibuja.\n",
);

#[test]
fn an_author_file_is_found_by_name_and_by_file_name() {
    let (bylines, diagnostics) = read(&[ANA, ("_authors/notes.txt", "x")]);
    assert!(diagnostics.is_empty());
    for name in ["Ana Güell", " ANA  GÜELL", "ana"] {
        let profile = bylines.resolve(&author(name), "_posts/a.md").unwrap();
        assert_eq!(
            (profile.key.as_str(), profile.name.as_str()),
            ("ana güell", "Ana Güell")
        );
        assert_eq!(
            (profile.position.as_deref(), profile.bio.as_deref()),
            (Some("Arquitecta"), Some("Dibuja."))
        );
        let image = profile.image.unwrap();
        assert_eq!((image.written.as_str(), image.line), ("/assets/ana.jpg", 5));
    }
}

#[test]
fn data_files_are_a_map_by_id_or_a_list() {
    let by_id = "ag:\n  name: Ana Güell\n  role: Arquitecta\nbot: ~\n";
    let list = "- name: Ana Güell\n  id: ag\n  role: Arquitecta\n";
    let json = r#"[{"name": "Ana Güell", "id": "ag", "role": "Arquitecta"}]"#;
    for (path, text) in [
        ("_data/authors.yml", by_id),
        ("_data/authors.yaml", list),
        ("_data/authors.json", json),
    ] {
        let (bylines, diagnostics) = read(&[(path, text)]);
        assert_eq!((bylines.all().len(), diagnostics.len()), (1, 0), "{path}");
        let profile = bylines.resolve(&author("ag"), "_posts/a.md").unwrap();
        assert_eq!(
            (profile.key.as_str(), profile.position.as_deref()),
            ("ana güell", Some("Arquitecta"))
        );
    }
}

#[test]
fn an_unknown_author_has_the_details_of_the_post() {
    let (bylines, _) = read(&[ANA]);
    let details = parse_yaml("name: Tomás\nrole: Editor\n", 1).unwrap().map;
    let named = Author {
        name: "Tomás".to_owned(),
        details,
    };
    let other = bylines
        .resolve(&author("Ana Guell"), "_posts/a.md")
        .unwrap();
    assert_eq!((other.key.as_str(), other.position), ("ana guell", None));
    let profile = bylines.resolve(&named, "_posts/a.md").unwrap();
    assert_eq!(
        (profile.key.as_str(), profile.position.as_deref()),
        ("tomás", Some("Editor"))
    );
    assert_eq!(bylines.resolve(&author("—"), "_posts/a.md"), None);
    assert_eq!(
        bylines.resolve(&author(&"a".repeat(81)), "_posts/a.md"),
        None
    );
}

#[test]
fn an_invalid_file_is_reported_and_the_others_are_read() {
    let (bylines, diagnostics) = read(&[
        ("_authors/a.md", "---\nname: [\n---\n"),
        ANA,
        ("_data/authors.yml", "a: ["),
    ]);
    assert_eq!(bylines.all().len(), 1);
    let paths: Vec<_> = diagnostics.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["_authors/a.md", "_data/authors.yml"]);
}
