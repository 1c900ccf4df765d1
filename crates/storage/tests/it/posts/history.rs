use tintero_domain::{
    Error,
    error::Resource,
    page::{Limit, PageRequest},
    posts::{
        LineChange::{Added, Kept, Removed},
        PostPatch, RevisionRow, Transition,
    },
    values::{Digest, PostId, Revision},
};

use crate::site::{Site, body_patch, draft, editor, site, title_patch};

pub(super) async fn history(site: &Site, id: PostId) -> Vec<RevisionRow> {
    let page = PageRequest::default();
    let found = site.posts.list_revisions(&editor(), id, &page).await;
    found.unwrap().items
}

#[tokio::test]
async fn the_history_contains_editor_time_and_metadata_of_every_save() {
    let site = site().await;
    let mut new = draft("Hola");
    new.note = "Primera versión".parse().ok();
    let copy = site.create(new).await;
    let id = copy.post.state.id;
    site.clock.forward(1000);
    let patch = PostPatch {
        note: "Una errata".parse().ok(),
        ..title_patch("Hola otra vez")
    };
    let copy = site.update(&copy, patch).await;
    let copy = site.update(&copy, PostPatch::default()).await;
    let copy = site.update(&copy, body_patch("Ñu\n")).await;
    assert_eq!(
        copy.post.state.version.0, 3,
        "a save without changes creates no version"
    );

    let rows = history(&site, id).await;
    let numbers: Vec<_> = rows.iter().map(|row| row.revision.0).collect();
    assert_eq!(numbers, [3, 2, 1]);
    let notes: Vec<_> = rows
        .iter()
        .map(|row| row.saved.note.as_ref().map(ToString::to_string))
        .collect();
    assert_eq!(
        notes,
        [
            None,
            Some("Una errata".to_owned()),
            Some("Primera versión".to_owned())
        ]
    );
    let titles: Vec<_> = rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["Hola otra vez", "Hola otra vez", "Hola"]);
    assert_eq!(
        (rows[0].saved.bytes, rows[0].saved.sha256),
        (4, Digest::of("Ñu\n".as_bytes()))
    );
    assert_eq!(
        rows[1].saved.sha256, rows[2].saved.sha256,
        "the text is unchanged"
    );
    assert!(rows[1].at > rows[2].at);
    assert!(rows.iter().all(|row| row.editor == Some(editor().user_id)));
}

#[tokio::test]
async fn a_revision_contains_its_content_with_a_new_or_an_earlier_text() {
    let site = site().await;
    let mut new = draft("Hola");
    new.tags = vec!["aws".parse().unwrap()];
    let first = site.create(new).await;
    let id = first.post.state.id;
    let second = site.update(&first, title_patch("Adiós")).await;
    let third = site.update(&second, body_patch("nuevo\n")).await;
    for copy in [&first, &second, &third] {
        let number = copy.post.state.revision;
        let kept = site
            .posts
            .get_revision(&editor(), id, number)
            .await
            .unwrap();
        assert_eq!(
            (&kept.content, &kept.manuscript),
            (&copy.post.content, &copy.manuscript)
        );
        assert_eq!(kept.row.text, copy.post.text);
    }
    assert_eq!(second.post.text, first.post.text);
    let absent = site.posts.get_revision(&editor(), id, Revision(4)).await;
    assert!(matches!(absent, Err(Error::NotFound(Resource::Revision))));
}

#[tokio::test]
async fn a_history_is_paginated() {
    let site = site().await;
    let mut copy = site.a_post("Hola").await;
    let id = copy.post.state.id;
    for n in 2..=7 {
        copy = site.update(&copy, body_patch(&format!("{n}\n"))).await;
    }
    let mut page = PageRequest {
        limit: Limit::new(3).unwrap(),
        cursor: None,
    };
    let mut seen = Vec::new();
    loop {
        let found = site
            .posts
            .list_revisions(&editor(), id, &page)
            .await
            .unwrap();
        seen.extend(found.items.iter().map(|row| row.revision.0));
        page.cursor = found.next;
        if page.cursor.is_none() {
            break;
        }
        // Later saves do not shift the pages.
        copy = site
            .update(&copy, body_patch(&format!("{}\n", seen.len())))
            .await;
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    let other = site.a_post("Otro").await.post.state.id;
    let first = PageRequest {
        limit: Limit::new(1).unwrap(),
        cursor: None,
    };
    let first = site.posts.list_revisions(&editor(), id, &first).await;
    page.cursor = first.unwrap().next;
    let foreign = site.posts.list_revisions(&editor(), other, &page).await;
    assert!(matches!(foreign, Err(Error::BadCursor(_))));
}

#[tokio::test]
async fn a_published_revision_stays_marked() {
    let site = site().await;
    let copy = site.a_published_post("Hola").await;
    let id = copy.post.state.id;
    let copy = site.update(&copy, title_patch("Adiós")).await;
    site.transition(&copy, Transition::Unpublish).await;
    let published: Vec<_> = history(&site, id)
        .await
        .iter()
        .map(|row| row.published)
        .collect();
    assert_eq!(published, [false, true]);
}

#[tokio::test]
async fn a_diff_lists_changed_fields_and_lines() {
    let site = site().await;
    let mut new = draft("Hola");
    new.manuscript.body = "uno\ndos\ntres\n".to_owned();
    let first = site.create(new).await;
    let patch = PostPatch {
        tags: Some(vec!["aws".parse().unwrap()]),
        ..body_patch("uno\nDOS\ntres")
    };
    let second = site.update(&first, patch).await;
    let id = second.post.state.id;
    let [from, to] = [&first, &second].map(|copy| copy.post.state.revision);
    let editor = editor();
    let diff_revisions = |from, to| site.posts.diff_revisions(&editor, id, from, to);
    let diff = diff_revisions(from, to).await.unwrap();
    let fields: Vec<_> = diff.fields.iter().map(|field| field.field).collect();
    assert_eq!(fields, ["tags"]);
    let body = diff.body.unwrap();
    assert_eq!(
        body.unified,
        "--- revision 1\n+++ revision 2\n@@ -1,3 +1,3 @@\n uno\n-dos\n-tres\n+DOS\n+tres\n\\ No newline at end of file\n"
    );
    let lines: Vec<_> = body.hunks[0]
        .lines
        .iter()
        .map(|line| (line.change, line.text.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (Kept, "uno\n"),
            (Removed, "dos\n"),
            (Removed, "tres\n"),
            (Added, "DOS\n"),
            (Added, "tres")
        ]
    );
    let back = diff_revisions(to, from).await.unwrap();
    assert_eq!(
        (back.fields[0].from.clone(), back.fields[0].to.clone()),
        (diff.fields[0].to.clone(), diff.fields[0].from.clone())
    );
    let same = diff_revisions(to, to).await.unwrap();
    assert!(same.fields.is_empty() && same.body.is_none());
}
