//! Sites of Hugo and Zola.

use serde_json::{Value, json};

use crate::site::{Fixture, Run, Site};

const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n";

fn site(files: &[(&str, &str)]) -> Site {
    let site = Site::empty();
    for (path, text) in files {
        site.write(path, text.as_bytes());
    }
    site
}

async fn imported(files: &[(&str, &str)]) -> (Fixture, Run) {
    let fixture = Fixture::with(site(files)).await;
    let run = fixture.run(&[]).await;
    run.assert_done();
    (fixture, run)
}

fn assert_members(post: &Value, expected: &[(&str, Value)]) {
    for (name, value) in expected {
        assert_eq!(&post[name], value, "{name}");
    }
}

const HUGO: [(&str, &str); 8] = [
    (
        "hugo.toml",
        "baseURL = 'https://example.org/blog/'\nlanguageCode = 'es-es'\ntimeZone = 'Europe/Madrid'\n\
         [permalinks]\nposts = '/:year/:slug/'\n",
    ),
    (
        "content/posts/_index.md",
        "---\ntitle: Posts\ncascade:\n  author: Ana Güell\n---\n",
    ),
    (
        "content/posts/cafe/index.md",
        "+++\ntitle = \"Moler café\"\ndate = 2024-01-02T00:30:00\ntags = [\"café de olla\", \"Molinos\"]\n\
         categories = [\"Cocina\"]\naliases = [\"/viejo\"]\ndraft = false\n[cover]\nimage = \"molino.png\"\n\
         +++\n\nCon calma.\n\n{{< figure src=\"molino.png\" caption=\"El molino\" >}}\n\n{{< nota >}}\n",
    ),
    ("content/posts/cafe/notas.md", "Belongs to the page.\n"),
    (
        "content/notas/te.md",
        "{\n\t\"title\": \"Té\",\n\t\"date\": \"2024-03-04\",\n\t\"publishDate\": \"2999-01-01\"\n}\nAgua.\n",
    ),
    (
        "content/posts/pagina.md",
        "---\ntitle: Without a date\n---\nText.\n",
    ),
    ("content/about.md", "---\ntitle: About\n---\nText.\n"),
    (
        "content/posts/borrador.md",
        "---\nTitle: Borrador\nDate: 2024-05-06\nDraft: true\n---\nx\n",
    ),
];

#[tokio::test]
async fn a_hugo_site_keeps_urls_bundles_and_cascades() {
    let site = site(&HUGO);
    site.write("content/posts/cafe/molino.png", PIXEL);
    let fixture = Fixture::with(site).await;
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(
        run.actions(),
        [
            ("content/notas/te.md", "create"),
            ("content/posts/borrador.md", "create"),
            ("content/posts/cafe/index.md", "create"),
            ("content/posts/cafe/notas.md", "ignored"),
            ("content/posts/pagina.md", "ignored"),
        ]
    );
    assert_eq!(
        run.report["not_posts"],
        json!([{"path": "content/about.md", "files": 1}])
    );
    let cafe = fixture.server.post("content/posts/cafe/index.md");
    assert_members(
        &cafe,
        &[
            ("title", json!("Moler café")),
            ("slug", json!("cafe")),
            ("locale", json!("es-ES")),
            ("status", json!("published")),
            ("published_at", json!("2024-01-01T23:30:00.000Z")),
            ("excerpt", json!("Con calma.")),
            ("tags", json!(["café de olla", "Molinos"])),
            (
                "aliases",
                json!(["/2024/moler-café/", "/blog/2024/moler-café/", "/viejo/"]),
            ),
        ],
    );
    assert_eq!(cafe["source"]["site"]["_generator"], "hugo");
    let byline = fixture.server.resource("bylines", &cafe["byline_ids"][0]);
    assert_eq!(byline["name"], "Ana Güell");
    let image = fixture
        .server
        .resource("images", &cafe["featured_image_id"]);
    assert_eq!(image["source_path"], "content/posts/cafe/molino.png");
    let tea = fixture.server.post("content/notas/te.md");
    assert_eq!(tea["status"], "scheduled");
    let category = fixture
        .server
        .resource("categories", &tea["category_ids"][0]);
    assert_eq!(category["name"], "notas");
    assert_eq!(
        fixture.server.post("content/posts/borrador.md")["status"],
        "draft"
    );
    fixture.assert_no_writes(&[]).await.assert_done();
}

#[tokio::test]
async fn unknown_shortcodes_are_named_with_their_line() {
    let site = site(&HUGO);
    site.write("content/posts/cafe/molino.png", PIXEL);
    let fixture = Fixture::with(site).await;
    let run = fixture.run(&["--dry-run"]).await;
    let files = run.report["files"].as_array().unwrap();
    let cafe = files
        .iter()
        .find(|file| file["path"] == "content/posts/cafe/index.md")
        .unwrap();
    let warning = &cafe["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["line"]),
        (&json!("shortcode"), &json!(16))
    );
}

#[tokio::test]
async fn a_zola_site_keeps_taxonomies_and_urls() {
    let (fixture, run) = imported(&[
        (
            "config.toml",
            "base_url = 'https://example.org'\ndefault_language = 'es'\n[languages.en]\n",
        ),
        ("content/_index.md", "+++\n+++\n"),
        (
            "content/blog/2024-01-02-Año nuevo.md",
            "+++\ntitle = \"Año\"\ndescription = \"Un año\"\naliases = [\"viejo/post\"]\n[taxonomies]\n\
             tags = [\"uno dos\"]\ncategories = [\"Fiestas\"]\n[extra]\nstars = 5\n+++\nTexto.\n\n\
             {{ youtube(id=\"abc\") }}\n",
        ),
        (
            "content/blog/2024-01-02-Año nuevo.en.md",
            "+++\ntitle = \"Year\"\npath = \"en/the-year\"\n+++\nText.\n",
        ),
    ])
    .await;
    let year = fixture.server.post("content/blog/2024-01-02-Año nuevo.md");
    assert_members(
        &year,
        &[
            ("slug", json!("ano-nuevo")),
            ("locale", json!("es")),
            ("published_at", json!("2024-01-02T00:00:00.000Z")),
            ("excerpt", json!("Un año")),
            ("tags", json!(["uno dos"])),
            ("aliases", json!(["/blog/ano-nuevo/", "/viejo/post/"])),
            ("extra", json!({"extra": {"stars": 5}})),
        ],
    );
    let english = fixture
        .server
        .post("content/blog/2024-01-02-Año nuevo.en.md");
    assert_members(
        &english,
        &[
            ("locale", json!("en")),
            ("aliases", json!(["/en/the-year/"])),
        ],
    );
    let warnings = &run.report["files"][0]["warnings"];
    assert_eq!(warnings, &Value::Null);
}

#[tokio::test]
async fn the_generator_can_be_named() {
    let (fixture, _) = imported(&[("content/posts/a.md", "---\ndate: 2024-01-02\n---\nx\n")]).await;
    assert_eq!(fixture.server.count(), 1);
    let jekyll = fixture.run(&["--generator", "jekyll"]).await;
    assert_eq!(jekyll.outcome.code(), 2);
}

#[tokio::test]
async fn pages_in_the_content_folder_are_posts_if_there_are_no_sections() {
    let page = "+++\ntitle = \"A\"\ndate = 2024-01-02\npath = \"2024/01/02/a\"\n+++\n[b](@/b.md)\n";
    let zola = [
        ("config.toml", "base_url = 'https://example.org'"),
        ("content/a.md", page),
        ("content/b.md", "+++\ndate = 2024-01-03\n+++\nx\n"),
        ("content/about.md", "+++\ntitle = 'About'\n+++\nx\n"),
    ];
    let (fixture, run) = imported(&zola).await;
    assert_eq!(run.action("content/about.md"), "ignored");
    assert_eq!(fixture.server.count(), 2);
    assert_eq!(
        fixture.server.post("content/a.md")["aliases"],
        json!(["/2024/01/02/a/"])
    );
    let hugo = "---\ndate: 2024-01-02\n---\n[b]({{< ref \"b\" >}})\n";
    let (fixture, run) = imported(&[
        ("hugo.toml", ""),
        ("content/a.md", hugo),
        ("content/b/index.md", "---\ndate: 2024-01-02\n---\n"),
    ])
    .await;
    assert_eq!(fixture.server.count(), 2);
    assert_eq!(run.report["files"][0]["warnings"], Value::Null);
}
