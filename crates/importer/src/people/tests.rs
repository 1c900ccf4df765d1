use std::fs;

use tempfile::TempDir;
use tintero_markdown::front_matter::{Map, parse_yaml};

use super::*;

fn people(files: &[(&str, &str)]) -> (People, Vec<Located>) {
    let place = TempDir::new().unwrap();
    for (path, text) in files {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let folder = Folder::open(place.path()).unwrap();
    let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    People::of(&folder, &paths)
}

fn author(name: &str) -> Author {
    Author {
        name: name.to_owned(),
        details: Map::default(),
    }
}

const ANA: (&str, &str) = (
    "_authors/ana.md",
    "---\nname: Ana Güell\nposition: Arquitecta\nbio:\nphoto: /assets/ana.jpg\n---\nDibuja.\n",
);

#[test]
fn a_person_of_the_collection_is_known_by_name_and_by_file() {
    let (people, odd) = people(&[ANA, ("_authors/notes.txt", "x")]);
    assert!(odd.is_empty());
    for name in ["Ana Güell", "ana guell", "ana"] {
        let person = people.credited(&author(name), "_posts/a.md").unwrap();
        assert_eq!(
            (person.key.as_str(), person.name.as_str()),
            ("ana-guell", "Ana Güell")
        );
        assert_eq!(
            (person.position.as_deref(), person.bio.as_deref()),
            (Some("Arquitecta"), Some("Dibuja."))
        );
        let photo = person.photo.unwrap();
        assert_eq!((photo.written.as_str(), photo.line), ("/assets/ana.jpg", 5));
    }
}

#[test]
fn data_is_read_as_a_map_of_ids_and_as_a_list() {
    let by_id = "ag:\n  name: Ana Güell\n  role: Arquitecta\nbot: ~\n";
    let list = "- name: Ana Güell\n  id: ag\n  role: Arquitecta\n";
    let json = r#"[{"name": "Ana Güell", "id": "ag", "role": "Arquitecta"}]"#;
    for (path, text) in [
        ("_data/authors.yml", by_id),
        ("_data/authors.yaml", list),
        ("_data/authors.json", json),
    ] {
        let (people, odd) = people(&[(path, text)]);
        assert_eq!((people.all().len(), odd.len()), (1, 0), "{path}");
        let person = people.credited(&author("ag"), "_posts/a.md").unwrap();
        assert_eq!(
            (person.key.as_str(), person.position.as_deref()),
            ("ana-guell", Some("Arquitecta"))
        );
    }
}

#[test]
fn whoever_nobody_describes_is_what_the_post_says() {
    let (people, _) = people(&[ANA]);
    let details = parse_yaml("name: Tomás\nrole: Editor\n", 1).unwrap().map;
    let named = Author {
        name: "Tomás".to_owned(),
        details,
    };
    let person = people.credited(&named, "_posts/a.md").unwrap();
    assert_eq!(
        (person.key.as_str(), person.position.as_deref()),
        ("tomas", Some("Editor"))
    );
    assert_eq!(people.credited(&author("—"), "_posts/a.md"), None);
    assert_eq!(
        people.credited(&author(&"a".repeat(81)), "_posts/a.md"),
        None
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_stops_no_other() {
    let (people, odd) = people(&[
        ("_authors/a.md", "---\nname: [\n---\n"),
        ANA,
        ("_data/authors.yml", "a: ["),
    ]);
    assert_eq!(people.all().len(), 1);
    let places: Vec<_> = odd.iter().map(|odd| odd.path.as_str()).collect();
    assert_eq!(places, ["_authors/a.md", "_data/authors.yml"]);
}
