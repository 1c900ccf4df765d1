//! Files that moved since an earlier run.

use std::fs;

use serde_json::json;

use crate::site::{CAFE, Fixture, IDEA, Site, TEA};

async fn imported() -> Fixture {
    Fixture::with(Site::new()).await.imported().await
}

fn rename(fixture: &Fixture, from: &str, to: &str) {
    let root = fixture.site.root();
    fs::create_dir_all(root.join(to).parent().unwrap()).unwrap();
    fs::rename(root.join(from), root.join(to)).unwrap();
}

#[tokio::test]
async fn a_draft_that_becomes_a_post_is_published() {
    let fixture = imported().await;
    let id = fixture.server.post(IDEA)["id"].clone();
    let to = "_posts/2024-05-06-una idea.md";
    rename(&fixture, IDEA, to);
    let run = fixture.run(&["--dry-run"]).await;
    assert_eq!(run.action(to), "update");
    fixture.run(&[]).await.assert_done();
    let post = fixture.server.post(to);
    assert_eq!((&post["id"], &post["status"]), (&id, &json!("published")));
    assert_eq!(fixture.server.count(), 3);
    fixture.assert_no_writes(&[]).await.assert_done();
}

#[tokio::test]
async fn a_corrected_date_and_a_renamed_folder_keep_the_post_and_its_old_urls() {
    let fixture = imported().await;
    let to = "_posts/archivo/2022-10-11-café - Cómo molerlo.markdown";
    rename(&fixture, CAFE, to);
    fixture.site.edit(to, "Con calma", "Con mucha calma");
    let tea = "té/_posts/2021-3-6-tea.md";
    rename(&fixture, TEA, tea);
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(fixture.server.count(), 3);
    let cafe = fixture.server.post(to);
    assert_eq!(cafe["published_at"], "2022-10-10T22:00:00.000Z");
    let files = run.report["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["path"] == tea).unwrap();
    assert_eq!(file["note"], format!("moved from `{TEA}`"));
    assert_eq!(
        fixture.server.post(tea)["aliases"],
        json!(["/té/tea.html", "/old/tea/", "/tea.html"])
    );
    fixture.assert_no_writes(&[]).await.assert_done();
}

#[tokio::test]
async fn an_edited_post_of_a_moved_file_is_a_conflict() {
    let fixture = imported().await;
    fixture.server.edit(TEA, "body", json!("Edited"));
    let to = "_posts/2021-3-6-tea.md";
    rename(&fixture, TEA, to);
    let run = fixture.assert_no_writes(&[]).await;
    assert_eq!(run.action(to), "conflict");
}

#[tokio::test]
async fn two_copies_of_a_gone_file_are_new_posts() {
    let fixture = imported().await;
    let bytes = fixture.site.bytes(TEA);
    rename(&fixture, TEA, "_posts/a/2021-3-6-tea.md");
    fixture.site.write("_posts/b/2021-3-6-tea.md", &bytes);
    fixture.run(&[]).await;
    assert_eq!(fixture.server.count(), 5);
}
