use super::*;

fn index(paths: &[&str]) -> FileIndex {
    let files = paths.iter().map(|path| SourceFile {
        path: (*path).to_owned(),
        bytes: 1,
    });
    FileIndex::new(files.collect())
}

fn found(path: &str) -> ImageMatch {
    ImageMatch::Found(path.to_owned())
}

#[test]
fn images_are_found_as_written_decoded_and_in_the_usual_folders() {
    let index = index(&[
        "assets/Café con hielo.png",
        "images/solo.png",
        "_posts/notes/cerca.png",
        "a%20b.png",
        "deep/er/único.gif",
    ]);
    for (written, path) in [
        ("/assets/Café con hielo.png", "assets/Café con hielo.png"),
        (
            "assets/Caf%C3%A9%20con%20hielo.png",
            "assets/Café con hielo.png",
        ),
        ("Cafe\u{301} con hielo.png", "assets/Café con hielo.png"),
        ("/ASSETS/CAFÉ con hielo.PNG", "assets/Café con hielo.png"),
        ("solo.png?v=3#x", "images/solo.png"),
        ("cerca.png", "_posts/notes/cerca.png"),
        ("../../images/solo.png", "images/solo.png"),
        ("a%20b.png", "a%20b.png"),
        ("/viejo/único.gif", "deep/er/único.gif"),
    ] {
        assert_eq!(
            index.find_image("_posts/notes/2020-01-01-a.md", written),
            found(path),
            "{written}"
        );
    }
}

#[test]
fn several_matches_are_ambiguous_and_no_match_is_missing() {
    let index = index(&["a/foto.png", "b/Foto.png", "assets/x.md"]);
    let several = vec!["a/foto.png".to_owned(), "b/Foto.png".to_owned()];
    assert_eq!(
        index.find_image("_posts/a.md", "foto.png"),
        ImageMatch::Ambiguous(several)
    );
    assert_eq!(
        index.find_image("_posts/a.md", "/b/Foto.png"),
        found("b/Foto.png")
    );
    for written in ["nada.png", "", "/", "../../../foto", "x.md"] {
        assert_eq!(
            index.find_image("_posts/a.md", written),
            ImageMatch::Missing,
            "{written}"
        );
    }
    assert!(index.contains("/assets/x.md") && !index.contains("x.md"));
    assert_eq!(index.image_count(), 2);
}

#[test]
fn the_spelling_of_the_file_system_is_kept() {
    let index = index(&["assets/Ano\u{303}.png"]);
    assert_eq!(index.find_image("a.md", "Año.png"), ImageMatch::Missing);
    assert_eq!(index.find_image("a.md", "Anõ.png"), found("assets/Anõ.png"));
    assert_eq!(
        index
            .image("assets/Anõ.png")
            .map(|found| found.path.as_str()),
        Some("assets/Ano\u{303}.png")
    );
}
