use super::*;

fn tree(paths: &[&str]) -> Tree {
    let files = paths.iter().map(|path| Lying {
        path: (*path).to_owned(),
        bytes: 1,
    });
    Tree::new(files.collect())
}

fn found(path: &str) -> Place {
    Place::Found(path.to_owned())
}

#[test]
fn pictures_are_found_as_given_then_decoded_then_in_the_usual_folders() {
    let tree = tree(&[
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
            tree.lookup("_posts/notes/2020-01-01-a.md", written),
            found(path),
            "{written}"
        );
    }
}

#[test]
fn what_several_are_called_is_ambiguous_and_what_none_is_called_is_missing() {
    let tree = tree(&["a/foto.png", "b/Foto.png", "assets/x.md"]);
    let several = vec!["a/foto.png".to_owned(), "b/Foto.png".to_owned()];
    assert_eq!(
        tree.lookup("_posts/a.md", "foto.png"),
        Place::Ambiguous(several)
    );
    assert_eq!(
        tree.lookup("_posts/a.md", "/b/Foto.png"),
        found("b/Foto.png")
    );
    for written in ["nada.png", "", "/", "../../../foto", "x.md"] {
        assert_eq!(
            tree.lookup("_posts/a.md", written),
            Place::Missing,
            "{written}"
        );
    }
    assert!(tree.has("/assets/x.md") && !tree.has("x.md"));
    assert_eq!(tree.count(), 2);
}

#[test]
fn the_name_on_disk_is_kept_beside_the_one_that_is_looked_for() {
    let tree = tree(&["assets/Ano\u{303}.png"]);
    assert_eq!(tree.lookup("a.md", "Año.png"), Place::Missing);
    assert_eq!(tree.lookup("a.md", "Anõ.png"), found("assets/Anõ.png"));
    assert_eq!(
        tree.picture("assets/Anõ.png")
            .map(|found| found.path.as_str()),
        Some("assets/Ano\u{303}.png")
    );
}
