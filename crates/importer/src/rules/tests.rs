use super::*;
use crate::test_folder::test_folder;

fn site(files: &[(&str, &str)]) -> SiteRead {
    let (_dir, folder) = test_folder(files);
    let (files, _) = folder.all_files();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    read(&folder, &paths, None).unwrap()
}

#[test]
fn the_files_of_a_folder_show_its_generator() {
    let generator = |files: &[(&str, &str)]| site(files).rules.generator();
    assert_eq!(generator(&[("_config.yml", "")]), Generator::Jekyll);
    assert_eq!(
        generator(&[("a/_posts/2020-01-01-a.md", "")]),
        Generator::Jekyll
    );
    assert_eq!(generator(&[("hugo.toml", "")]), Generator::Hugo);
    assert_eq!(
        generator(&[("config.toml", "baseURL = 'x'"), ("content/a.md", "")]),
        Generator::Hugo
    );
    assert_eq!(
        generator(&[("config.toml", "base_url = 'x'"), ("content/a.md", "")]),
        Generator::Zola
    );
    assert_eq!(generator(&[("README.md", "")]), Generator::Jekyll);
}

#[test]
fn an_invalid_configuration_has_a_position() {
    let (_dir, folder) = test_folder(&[("hugo.toml", "a = 1\nb = ?\n")]);
    let error = read(&folder, &["hugo.toml"], None).unwrap_err();
    assert!(error.to_string().starts_with("hugo.toml:2: "));
}

#[test]
fn aliases_are_those_that_the_generator_serves() {
    let hugo = site(&[("hugo.toml", "")]).rules;
    let alias = |written| hugo.alias(written, Some("/posts/a/"));
    assert_eq!(alias("old"), "/posts/old/");
    assert_eq!(alias("../up/x.html"), "/up/x.html");
    assert_eq!(alias("/older"), "/older/");
    let jekyll = SiteRules::Jekyll;
    assert_eq!(jekyll.alias("older", Some("/a.html")), "older");
}

#[test]
fn a_section_is_a_category_if_it_says_more_than_posts() {
    let section = "---\ntitle: Field notes\n---\n";
    let hugo = site(&[("hugo.toml", ""), ("content/notes/_index.md", section)]).rules;
    let category = |path: &str| hugo.section_category(path);
    assert_eq!(category("content/posts/a.md"), None);
    assert_eq!(category("content/a.md"), None);
    assert_eq!(
        category("content/notes/a.md").as_deref(),
        Some("Field notes")
    );
    assert_eq!(category("content/reviews/a.md").as_deref(), Some("reviews"));
}
