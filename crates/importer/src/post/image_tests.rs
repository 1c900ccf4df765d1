use super::tests::{read_with_files, warnings};
use crate::file_index::ImageMatch;

fn targets(files: &[&str], file: &str) -> Vec<(String, String)> {
    read_with_files(files, file)
        .image_targets
        .into_iter()
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(one, two): &(&str, &str)| ((*one).to_owned(), (*two).to_owned());
    expected.iter().map(owned).collect()
}

#[test]
fn images_that_are_elsewhere_are_sent_with_their_paths() {
    let files = [
        "assets/img/mesa.png",
        "fotos/sol.jpg",
        "_posts/cerca.png",
        "assets/a b.png",
    ];
    let body = "---\n---\n![](mesa.png?v=2) ![](/otra/sol.jpg) ![](cerca.png) ![](/assets/a b.png)\n\n\
                <img src=\"sol.jpg\"> ![x][r]\n\n[r]: mesa.png\n";
    let expected = [
        ("/otra/sol.jpg", "fotos/sol.jpg"),
        ("mesa.png", "assets/img/mesa.png"),
        ("mesa.png?v=2", "assets/img/mesa.png"),
        ("sol.jpg", "fotos/sol.jpg"),
    ];
    assert_eq!(targets(&files, body), pairs(&expected));
}

#[test]
fn a_folder_in_the_front_matter_is_searched_first() {
    let files = ["assets/viaje/sol.jpg", "sol.jpg", "luna.jpg"];
    let body =
        "---\nmedia_subpath: /assets/viaje/\nimage: sol.jpg\n---\n![](sol.jpg) ![](/luna.jpg)\n";
    assert_eq!(
        targets(&files, body),
        pairs(&[("sol.jpg", "assets/viaje/sol.jpg")])
    );
    let post = read_with_files(&files, body);
    assert_eq!(
        post.content.featured_image.as_deref(),
        Some("assets/viaje/sol.jpg")
    );
}

#[test]
fn a_link_around_a_thumbnail_is_an_image_too() {
    let files = ["fotos/mini.png", "fotos/grande.PNG"];
    let post = read_with_files(
        &files,
        "---\n---\n[![](/fotos/mini.png)](grande.PNG) [x](/nota.html)\n",
    );
    let found: Vec<_> = post.images.iter().map(|mention| &mention.image).collect();
    let file = |path: &str| ImageMatch::Found(path.to_owned());
    assert_eq!(found, [&file("fotos/grande.PNG"), &file("fotos/mini.png")]);
    assert!(warnings(&post).is_empty());
}

#[test]
fn too_many_targets_are_reported() {
    let names: Vec<String> = (0..400)
        .map(|number| format!("una-foto-con-nombre-{number}.png"))
        .collect();
    let files: Vec<String> = names
        .iter()
        .map(|name| format!("fotos/2024/{name}"))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let images: Vec<String> = names.iter().map(|name| format!("![]({name})")).collect();
    let images = images.join("\n");
    let post = read_with_files(&files, &format!("---\n---\n{images}"));
    assert!(post.image_targets.len() < 400);
    assert_eq!(warnings(&post), [("too_many_image_targets", None)]);
}
