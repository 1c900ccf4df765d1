use super::*;

const POSTS: &str = r#"
    description = "Posts"
    [[create]]
    table = "posts"
    point_in_time_recovery = true
    deletion_protection = true
"#;

fn parse_error(files: &[(&str, &str)]) -> String {
    MigrationSet::parse(files.iter().copied())
        .unwrap_err()
        .to_string()
}

fn alteration(change: &str) -> String {
    format!("description = \"Change\"\n[[alter]]\ntable = \"posts\"\n{change}")
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let embedded: Vec<_> = MigrationSet::embedded()
        .migrations
        .iter()
        .map(|migration| format!("{}.toml", migration.id))
        .collect();
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, embedded);
}

#[test]
fn unknown_and_missing_keys_are_rejected() {
    let misspelt = POSTS.replace("deletion_protection", "deletion_protected");
    assert!(parse_error(&[("0001_posts.toml", &misspelt)]).contains("deletion_protected"));
    let incomplete = POSTS.replace("point_in_time_recovery = true", "");
    assert!(parse_error(&[("0001_posts.toml", &incomplete)]).contains("point_in_time_recovery"));
}

#[test]
fn numbers_have_no_gaps() {
    assert!(parse_error(&[("0002_posts.toml", POSTS)]).contains("must be 0001"));
    assert!(
        parse_error(&[("0001_posts.toml", POSTS), ("0001_users.toml", POSTS)])
            .contains("must be 0002")
    );
    for name in [
        "posts.toml",
        "1_posts.toml",
        "0001_.toml",
        "0001_posts.json",
        "0000_posts.toml",
    ] {
        assert!(MigrationSet::parse([(name, POSTS)]).is_err(), "{name}");
    }
}

#[test]
fn contradictions_are_rejected() {
    let change = |change: &str| {
        parse_error(&[
            ("0001_posts.toml", POSTS),
            ("0002_change.toml", &alteration(change)),
        ])
    };
    assert!(change("deletion_protection = true").contains("is on already"));
    assert!(change("").contains("declares nothing"));
    assert!(
        parse_error(&[("0001_change.toml", &alteration("ttl = \"expires_at\""))])
            .contains("no earlier file")
    );
    assert!(
        parse_error(&[("0001_posts.toml", POSTS), ("0002_posts.toml", POSTS)])
            .contains("created twice")
    );
    let journal = POSTS.replace("posts", "schema_migrations");
    assert!(parse_error(&[("0001_posts.toml", &journal)]).contains("created twice"));
}

#[test]
fn a_file_cannot_alter_a_table_that_it_creates() {
    let both = format!("{POSTS}\n[[alter]]\ntable = \"posts\"\nttl = \"expires_at\"");
    assert!(parse_error(&[("0001_posts.toml", &both)]).contains("no earlier file"));
}

#[test]
fn line_ends_do_not_change_the_checksum() {
    let sums = [POSTS.to_owned(), POSTS.replace('\n', "\r\n")].map(|text| {
        let set = MigrationSet::parse([("0001_posts.toml", text)]).unwrap();
        set.migrations[0].checksum.clone()
    });
    assert_eq!(sums[0], sums[1]);
}

#[test]
fn alterations_become_steps_in_a_fixed_order() {
    let change = alteration(
        "ttl = \"expires_at\"\nstream = \"new_and_old_images\"\ndeletion_protection = false\n\
         [[alter.index]]\nname = \"by_state\"\nhash = \"state_key\"\nrange = \"created_key\"",
    );
    let set =
        MigrationSet::parse([("0001_posts.toml", POSTS), ("0002_change.toml", &change)]).unwrap();
    let steps: Vec<_> = set
        .migrations
        .last()
        .unwrap()
        .steps
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        steps,
        [
            "add index by_state (state_key, created_key) to table posts",
            "set time to live of table posts to expires_at",
            "set stream of table posts to NEW_AND_OLD_IMAGES",
            "set deletion protection of table posts to off",
        ]
    );
}
