use tempfile::TempDir;

use super::*;

fn folder(files: &[(&str, &str)]) -> (TempDir, Folder) {
    let place = TempDir::new().unwrap();
    for (path, text) in files {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let folder = Folder::open(place.path()).unwrap();
    (place, folder)
}

fn paths(folder: &Folder) -> Vec<String> {
    folder
        .found()
        .unwrap()
        .into_iter()
        .map(|found| found.path)
        .collect()
}

#[test]
fn posts_and_drafts_are_found_at_any_depth_and_sorted() {
    let (_place, folder) = folder(&[
        ("index.md", ""),
        ("_posts/2020-01-02-b.md", ""),
        ("_posts/deep/er/2020-01-01-año nuevo.md", ""),
        ("movies/_posts/2020-01-01-a.md", ""),
        ("_drafts/idea.md", ""),
        ("_site/_posts/copy.md", ""),
        (".git/_posts/x.md", ""),
        ("node_modules/theme/_posts/x.md", ""),
        ("_posts/.hidden.md", ""),
    ]);
    assert_eq!(
        paths(&folder),
        [
            "_drafts/idea.md",
            "_posts/2020-01-02-b.md",
            "_posts/deep/er/2020-01-01-año nuevo.md",
            "movies/_posts/2020-01-01-a.md"
        ]
    );
}

#[test]
fn other_files_among_the_posts_are_named_and_passed_over() {
    let (_place, folder) = folder(&[("_posts/2020-01-01-a.md", ""), ("_posts/photo.png", "")]);
    let kinds: Vec<Kind> = folder
        .found()
        .unwrap()
        .into_iter()
        .map(|found| found.kind)
        .collect();
    assert_eq!(
        kinds,
        [Kind::Post, Kind::Ignored("is neither Markdown nor HTML")]
    );
}

#[test]
fn every_file_of_the_site_can_be_named_and_what_tools_built_cannot() {
    let (_place, folder) = folder(&[
        ("_posts/a.md", "123"),
        ("_data/authors.yml", ""),
        ("assets/Año.png", ""),
        ("_site/assets/Año.png", ""),
        ("node_modules/x/y.png", ""),
        (".git/z.png", ""),
    ]);
    let files = folder.files();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        ["_data/authors.yml", "_posts/a.md", "assets/Año.png"]
    );
    assert_eq!(files[1].bytes, 3);
}

#[test]
fn pages_have_front_matter_and_nothing_special_in_their_paths() {
    let (_place, folder) = folder(&[
        ("about.md", "---\n---\n"),
        ("docs/index.html", "---\n---\n"),
        ("README.md", "# Read me\n"),
        ("style.css", "---\n---\n"),
        ("_layouts/default.html", "---\n---\n"),
        ("movies/_posts/a.md", "---\n---\n"),
    ]);
    let files = folder.files();
    let pages: Vec<&str> = files
        .iter()
        .map(|file| file.path.as_str())
        .filter(|path| folder.is_page(path))
        .collect();
    assert_eq!(pages, ["about.md", "docs/index.html"]);
}

#[test]
fn a_large_file_is_digested_in_pieces() {
    let (place, folder) = folder(&[("_posts/a.md", "")]);
    let bytes = vec![7; 200_000];
    fs::write(place.path().join("b.png"), &bytes).unwrap();
    let whole = crate::text::sha256([bytes.as_slice()]);
    assert_eq!(folder.digest("b.png").unwrap(), whole);
    assert_eq!(folder.digest("c.png").unwrap_err().code, "unreadable");
}

#[test]
fn a_folder_without_posts_is_refused_with_a_hint() {
    let (place, folder) = folder(&[("_posts/2020-01-01-a.md", "")]);
    let inside = Folder::open(&place.path().join("_posts")).unwrap();
    assert!(
        inside
            .found()
            .unwrap_err()
            .to_string()
            .contains("the folder above `_posts`")
    );
    assert!(
        Folder::open(&place.path().join("nowhere"))
            .unwrap_err()
            .to_string()
            .contains("no such folder")
    );
    assert!(folder.name().is_some());
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    let (place, folder) = folder(&[("_posts/a.md", "")]);
    let large = File::create(place.path().join("_posts/b.md")).unwrap();
    large.set_len(MAX_FILE + 1).unwrap();
    assert_eq!(folder.read("_posts/b.md").unwrap_err().code, "too_large");
    assert_eq!(folder.read("_posts/a.md").unwrap(), b"");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_refused_and_links_within_it_are_read() {
    use std::os::unix::fs::symlink;

    let (place, folder) = folder(&[("_posts/a.md", "text")]);
    let (elsewhere, _) = self::folder(&[("secret.md", "secret")]);
    symlink(
        elsewhere.path().join("secret.md"),
        place.path().join("_posts/b.md"),
    )
    .unwrap();
    symlink(
        place.path().join("_posts/a.md"),
        place.path().join("_posts/c.md"),
    )
    .unwrap();
    symlink(place.path(), place.path().join("_posts/loop")).unwrap();
    let kinds: Vec<Kind> = folder
        .found()
        .unwrap()
        .into_iter()
        .map(|found| found.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            Kind::Post,
            Kind::Refused(outside()),
            Kind::Post,
            Kind::Ignored("links to folders are not followed")
        ]
    );
    assert_eq!(folder.read("_posts/b.md").unwrap_err(), outside());
    assert_eq!(folder.digest("_posts/b.md").unwrap_err(), outside());
    let named = folder.files();
    assert!(named.iter().all(|file| !file.path.ends_with("b.md")));
    assert_eq!(folder.read("_posts/c.md").unwrap(), b"text");
}

#[cfg(unix)]
#[test]
fn names_that_no_server_keeps_are_refused() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let (place, folder) = folder(&[("_posts/a\nb.md", ""), ("_posts/ ñ b.md", "")]);
    let latin = place
        .path()
        .join("_posts")
        .join(OsStr::from_bytes(b"\xf1.md"));
    fs::write(latin, "").unwrap();
    let found = folder.found().unwrap();
    assert_eq!(found[0].kind, Kind::Post);
    for found in &found[1..] {
        assert!(matches!(&found.kind, Kind::Refused(finding) if finding.code == "bad_name"));
    }
}
