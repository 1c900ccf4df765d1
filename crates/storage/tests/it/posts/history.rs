use tintero_domain::{
    Error,
    error::Resource,
    page::{Limit, PageRequest},
    posts::{
        LineChange::{Added, Kept, Removed},
        PostPatch, RevisionRow, Transition, WorkingCopy,
    },
    values::{Digest, PostId, Revision},
};

use crate::site::{Site, draft, editor, site};

fn title(text: &str) -> PostPatch {
    PostPatch {
        title: text.parse().ok(),
        ..PostPatch::default()
    }
}

pub(super) fn body(text: &str) -> PostPatch {
    PostPatch {
        body: Some(text.to_owned()),
        ..PostPatch::default()
    }
}

pub(super) async fn edit(site: &Site, copy: &WorkingCopy, patch: PostPatch) -> WorkingCopy {
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let effect = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    effect.shown.copy
}

pub(super) async fn history(site: &Site, id: PostId) -> Vec<RevisionRow> {
    let page = PageRequest::default();
    let found = site.posts.list_revisions(&editor(), id, &page).await;
    found.unwrap().items
}

#[tokio::test]
async fn every_change_of_content_is_told_with_who_when_and_what() {
    let site = site().await;
    let mut new = draft("Hola");
    new.note = "Primera versión".parse().ok();
    let copy = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    let id = copy.post.standing.id;
    site.clock.forward(1000);
    let patch = PostPatch {
        note: "Una errata".parse().ok(),
        ..title("Hola otra vez")
    };
    let copy = edit(&site, &copy, patch).await;
    let copy = edit(&site, &copy, PostPatch::default()).await;
    let copy = edit(&site, &copy, body("Ñu\n")).await;
    assert_eq!(
        copy.post.standing.version.0, 4,
        "a save without a change is none"
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
        "the text stayed"
    );
    assert!(rows[1].at > rows[2].at);
    assert!(rows.iter().all(|row| row.editor == Some(editor().user_id)));
}

#[tokio::test]
async fn a_revision_is_shown_as_it_was_whether_its_text_was_new_or_not() {
    let site = site().await;
    let mut new = draft("Hola");
    new.tags = vec!["aws".parse().unwrap()];
    let first = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    let id = first.post.standing.id;
    let second = edit(&site, &first, title("Adiós")).await;
    let third = edit(&site, &second, body("nuevo\n")).await;
    for copy in [&first, &second, &third] {
        let number = copy.post.standing.revision;
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
async fn a_history_goes_on_page_by_page() {
    let site = site().await;
    let mut copy = site.a_post("Hola").await;
    let id = copy.post.standing.id;
    for n in 2..=7 {
        copy = edit(&site, &copy, body(&format!("{n}\n"))).await;
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
        // What is saved meanwhile moves nothing.
        copy = edit(&site, &copy, body(&format!("{}\n", seen.len()))).await;
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    let other = site.a_post("Otro").await.post.standing.id;
    let first = PageRequest {
        limit: Limit::new(1).unwrap(),
        cursor: None,
    };
    page.cursor = site
        .posts
        .list_revisions(&editor(), id, &first)
        .await
        .unwrap()
        .next;
    let foreign = site.posts.list_revisions(&editor(), other, &page).await;
    assert!(matches!(foreign, Err(Error::BadCursor(_))));
}

#[tokio::test]
async fn what_was_public_once_is_marked_for_good() {
    let site = site().await;
    let copy = site.a_published_post("Hola").await;
    let id = copy.post.standing.id;
    let copy = edit(&site, &copy, title("Adiós")).await;
    let tag = copy.post.tag();
    site.posts
        .transition(&editor(), id, tag, Transition::Unpublish)
        .await
        .unwrap();
    let published: Vec<_> = history(&site, id)
        .await
        .iter()
        .map(|row| row.published)
        .collect();
    assert_eq!(published, [false, true]);
}

#[tokio::test]
async fn two_revisions_are_compared_member_by_member_and_line_by_line() {
    let site = site().await;
    let mut new = draft("Hola");
    new.manuscript.body = "uno\ndos\ntres\n".to_owned();
    let first = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    let patch = PostPatch {
        tags: Some(vec!["aws".parse().unwrap()]),
        ..body("uno\nDOS\ntres")
    };
    let second = edit(&site, &first, patch).await;
    let id = second.post.standing.id;
    let [from, to] = [&first, &second].map(|copy| copy.post.standing.revision);
    let diff = site
        .posts
        .diff_revisions(&editor(), id, from, to)
        .await
        .unwrap();
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
    let back = site
        .posts
        .diff_revisions(&editor(), id, to, from)
        .await
        .unwrap();
    assert_eq!(
        (back.fields[0].from.clone(), back.fields[0].to.clone()),
        (diff.fields[0].to.clone(), diff.fields[0].from.clone())
    );
    let same = site
        .posts
        .diff_revisions(&editor(), id, to, to)
        .await
        .unwrap();
    assert!(same.fields.is_empty() && same.body.is_none());
}
