use super::*;
use crate::test_folder::test_folder;

fn kinds(folder: &Folder) -> Vec<FolderEntryKind> {
    let files = folder.post_files().unwrap().into_iter();
    files.map(|file| file.kind).collect()
}

fn paths(folder: &Folder) -> Vec<String> {
    let files = folder.post_files().unwrap().into_iter();
    files.map(|file| file.path).collect()
}

#[test]
fn posts_and_drafts_are_found_at_any_depth_and_sorted() {
    let (_dir, folder) = test_folder(&[
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
fn other_files_among_the_posts_are_ignored_with_a_reason() {
    let (_dir, folder) = test_folder(&[("_posts/2020-01-01-a.md", ""), ("_posts/photo.png", "")]);
    assert_eq!(
        kinds(&folder),
        [
            FolderEntryKind::Post,
            FolderEntryKind::Ignored("is neither Markdown nor HTML")
        ]
    );
}

#[test]
fn all_files_exclude_the_output_of_tools() {
    let (_dir, folder) = test_folder(&[
        ("_posts/a.md", "123"),
        ("_data/authors.yml", ""),
        ("assets/Año.png", ""),
        ("_site/assets/Año.png", ""),
        ("node_modules/x/y.png", ""),
        (".git/z.png", ""),
    ]);
    let (files, _) = folder.all_files();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        ["_data/authors.yml", "_posts/a.md", "assets/Año.png"]
    );
    assert_eq!(files[1].bytes, 3);
}

#[test]
fn pages_have_front_matter_and_no_special_path() {
    let (_dir, folder) = test_folder(&[
        ("about.md", "---\n---\n"),
        ("docs/index.html", "---\n---\n"),
        ("README.md", "# Read me\n"),
        ("style.css", "---\n---\n"),
        ("_layouts/default.html", "---\n---\n"),
        ("movies/_posts/a.md", "---\n---\n"),
    ]);
    let (files, _) = folder.all_files();
    let pages: Vec<&str> = files
        .iter()
        .map(|file| file.path.as_str())
        .filter(|path| folder.is_page(path))
        .collect();
    assert_eq!(pages, ["about.md", "docs/index.html"]);
}

#[test]
fn a_large_file_is_digested_in_chunks() {
    let (dir, folder) = test_folder(&[("_posts/a.md", "")]);
    let bytes = vec![7; 200_000];
    fs::write(dir.path().join("b.png"), &bytes).unwrap();
    let whole = crate::text::sha256([bytes.as_slice()]);
    assert_eq!(folder.digest("b.png").unwrap(), whole);
    assert_eq!(folder.digest("c.png").unwrap_err().code, "unreadable");
}

#[test]
fn a_folder_without_posts_is_rejected_with_a_hint() {
    let (dir, folder) = test_folder(&[("_posts/2020-01-01-a.md", "")]);
    let inside = Folder::open(&dir.path().join("_posts")).unwrap();
    let hint = inside.post_files().unwrap_err().to_string();
    assert!(hint.contains("the folder above `_posts`"));
    let missing = Folder::open(&dir.path().join("nowhere"));
    assert!(missing.unwrap_err().to_string().contains("no such folder"));
    assert!(folder.name().is_some());
}

#[test]
fn a_file_over_the_limit_is_rejected() {
    let (dir, folder) = test_folder(&[("_posts/a.md", "")]);
    let large = File::create(dir.path().join("_posts/b.md")).unwrap();
    large.set_len(MAX_FILE + 1).unwrap();
    assert_eq!(folder.read("_posts/b.md").unwrap_err().code, "too_large");
    assert_eq!(folder.read("_posts/a.md").unwrap(), b"");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_rejected_and_links_within_it_are_read() {
    use std::os::unix::fs::symlink;

    let (dir, folder) = test_folder(&[("_posts/a.md", "text")]);
    let (outside_dir, _) = test_folder(&[("secret.md", "secret")]);
    let link = |target: &Path, name: &str| symlink(target, dir.path().join(name)).unwrap();
    link(&outside_dir.path().join("secret.md"), "_posts/b.md");
    link(&dir.path().join("_posts/a.md"), "_posts/c.md");
    link(dir.path(), "_posts/loop");
    assert_eq!(
        kinds(&folder),
        [
            FolderEntryKind::Post,
            FolderEntryKind::Refused(outside()),
            FolderEntryKind::Post,
            FolderEntryKind::Ignored("symbolic links to folders are not followed")
        ]
    );
    assert_eq!(folder.read("_posts/b.md").unwrap_err(), outside());
    assert_eq!(folder.digest("_posts/b.md").unwrap_err(), outside());
    let (named, _) = folder.all_files();
    assert!(named.iter().all(|file| !file.path.ends_with("b.md")));
    assert_eq!(folder.read("_posts/c.md").unwrap(), b"text");
}

#[cfg(unix)]
#[test]
fn names_that_the_server_does_not_accept_are_rejected() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let (dir, folder) = test_folder(&[("_posts/a\nb.md", ""), ("_posts/ ñ b.md", "")]);
    let latin = OsStr::from_bytes(b"\xf1.md");
    let latin = dir.path().join("_posts").join(latin);
    fs::write(latin, "").unwrap();
    let kinds = kinds(&folder);
    assert_eq!(kinds[0], FolderEntryKind::Post);
    for kind in &kinds[1..] {
        assert!(matches!(kind, FolderEntryKind::Refused(error) if error.code == "bad_name"));
    }
}
