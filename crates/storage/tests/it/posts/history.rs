use tintero_domain::{
    Error,
    access::Role,
    categories::NewCategory,
    error::Resource,
    page::{Limit, PageRequest},
    posts::{
        LineChange::{Added, Kept, Removed},
        PostPatch, RevisionRow, Transition, WorkingCopy,
    },
    values::{Digest, PostId, Revision},
};

use crate::{
    site::{Site, caller, draft, editor, once, site, slug},
    taxonomy::categories,
};

fn title(text: &str) -> PostPatch {
    PostPatch {
        title: text.parse().ok(),
        ..PostPatch::default()
    }
}

fn body(text: &str) -> PostPatch {
    PostPatch {
        body: Some(text.to_owned()),
        ..PostPatch::default()
    }
}

async fn edit(site: &Site, copy: &WorkingCopy, patch: PostPatch) -> WorkingCopy {
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let effect = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    effect.shown.copy
}

async fn history(site: &Site, id: PostId) -> Vec<RevisionRow> {
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

#[tokio::test]
async fn a_revision_comes_back_as_a_new_one() {
    let site = site().await;
    let first = site.a_post("Hola").await;
    let id = first.post.standing.id;
    let second = edit(&site, &first, body("otro\n")).await;
    let caller = once(editor(), "key", "digest");
    let restore = || {
        site.posts.restore(
            &caller,
            id,
            second.post.tag(),
            Revision(1),
            "Como antes".parse().ok(),
        )
    };
    let restored = restore().await.unwrap().shown.copy;
    assert_eq!(
        (
            restored.post.standing.version.0,
            restored.post.standing.revision.0
        ),
        (3, 3)
    );
    assert_eq!(
        (&restored.post.content, &restored.manuscript),
        (&first.post.content, &first.manuscript)
    );
    assert_ne!(
        restored.post.text, first.post.text,
        "it has a text of its own"
    );
    let rows = history(&site, id).await;
    assert_eq!(rows[0].saved.restored_from, Some(Revision(1)));
    assert_eq!(rows[0].saved.note.as_ref().unwrap().as_str(), "Como antes");
    let again = restore().await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.shown.copy, restored);
}

#[tokio::test]
async fn a_revision_does_not_come_back_over_what_others_did_meanwhile() {
    let site = site().await;
    let first = site.a_post("Hola").await;
    let (id, tag) = (first.post.standing.id, first.post.tag());
    let second = edit(&site, &first, body("otro\n")).await;
    let late = site
        .posts
        .restore(&editor(), id, tag, Revision(1), None)
        .await;
    let Err(Error::Stale(conflict)) = late else {
        panic!("{late:?}")
    };
    assert_eq!((conflict.id, conflict.current), (id, second.post.tag()));
    let reader = caller(Role::Contributor, 2);
    let others = site
        .posts
        .restore(&reader, id, second.post.tag(), Revision(1), None)
        .await;
    assert!(matches!(others, Err(Error::Forbidden(_))));
    let absent = site
        .posts
        .restore(&editor(), id, second.post.tag(), Revision(9), None)
        .await;
    assert!(matches!(absent, Err(Error::NotFound(Resource::Revision))));
    let trashed = site
        .posts
        .transition(&editor(), id, second.post.tag(), Transition::Trash)
        .await
        .unwrap();
    let tag = trashed.shown.copy.post.tag();
    let refused = site
        .posts
        .restore(&editor(), id, tag, Revision(1), None)
        .await;
    assert!(matches!(refused, Err(Error::IllegalTransition(_))));
}

#[tokio::test]
async fn a_revision_whose_slug_was_given_away_does_not_come_back() {
    let site = site().await;
    let first = site.a_post("Uno").await;
    let id = first.post.standing.id;
    let patch = PostPatch {
        slug: Some(slug("dos")),
        ..PostPatch::default()
    };
    let second = edit(&site, &first, patch).await;
    let other = site.a_post("Uno").await;
    let refused = site
        .posts
        .restore(&editor(), id, second.post.tag(), Revision(1), None)
        .await;
    let Err(Error::SlugTaken(refused)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refused.holder, Some(other.post.standing.id));
    assert_eq!(refused.free[0], slug("uno-2"));
}

#[tokio::test]
async fn a_revision_in_a_category_that_is_gone_does_not_come_back() {
    let site = site().await;
    let new = NewCategory {
        name: "Nubes".parse().unwrap(),
        slug: None,
        parent_id: None,
    };
    let category = categories(&site)
        .create(&editor(), new)
        .await
        .unwrap()
        .category
        .id;
    let mut new = draft("Hola");
    new.category_ids = vec![category];
    let first = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    let patch = PostPatch {
        category_ids: Some(Vec::new()),
        ..PostPatch::default()
    };
    let second = edit(&site, &first, patch).await;
    site.erase("taxonomy", tintero_storage::keys::category(category))
        .await;
    let id = first.post.standing.id;
    let refused = site
        .posts
        .restore(&editor(), id, second.post.tag(), Revision(1), None)
        .await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    let problem = errors.iter().next().unwrap();
    assert_eq!(problem.pointer, "/category_ids/0");
    assert_eq!(
        problem.error.detail,
        "is named by revision 1 and does not exist any more"
    );
}
