use std::sync::Arc;

use tintero_domain::{
    Error,
    posts::{Merged, PostPatch, SeoPatch, Transition},
    values::{PostId, Revision, VersionTag},
};
use tintero_storage::keys;

use crate::site::{Site, body_patch, draft, editor, once, site, title_patch};

/// A site with a post of three lines, its id and its version.
async fn site_with_post() -> (Site, PostId, VersionTag) {
    let site = site().await;
    let mut new = draft("Hola");
    new.manuscript.body = String::from("uno\ndos\ntres\n");
    let copy = site.create(new).await;
    (site, copy.post.state.id, copy.post.tag())
}

/// Like `site_with_post`, with a later edit of the first line.
async fn site_with_edited_post() -> (Site, PostId, VersionTag) {
    let (site, id, tag) = site_with_post().await;
    let edited = site.posts.update(&editor(), id, tag, first_line()).await;
    edited.unwrap();
    (site, id, tag)
}

fn first_line() -> PostPatch {
    body_patch("UNO\ndos\ntres\n")
}

fn last_line() -> PostPatch {
    body_patch("uno\ndos\nTRES\n")
}

#[tokio::test]
async fn a_stale_change_without_conflicts_is_merged_and_reports_the_other_changes() {
    let (site, id, tag) = site_with_post().await;
    let theirs = PostPatch {
        tags: Some(vec!["aws".parse().unwrap()]),
        ..first_line()
    };
    site.posts.update(&editor(), id, tag, theirs).await.unwrap();
    let ours = PostPatch {
        title: "Adiós".parse().ok(),
        ..last_line()
    };
    let result = site.posts.update_merging(&editor(), id, tag, ours).await;
    let result = result.unwrap();
    let copy = result.rendered.copy;
    assert_eq!(copy.manuscript.body, "UNO\ndos\nTRES\n");
    assert_eq!(
        (
            copy.post.content.title.as_str(),
            copy.post.content.tags.len()
        ),
        ("Adiós", 1)
    );
    assert_eq!(
        (copy.post.state.version.0, copy.post.state.revision.0),
        (3, 3)
    );
    let Some(Merged::With(diff)) = result.merged else {
        panic!("{:?}", result.merged)
    };
    assert_eq!((diff.from, diff.to), (Revision(1), Revision(2)));
    let fields: Vec<_> = diff.fields.iter().map(|field| field.field).collect();
    assert_eq!(fields, ["tags"]);
    assert!(diff.body.unwrap().unified.contains("+UNO\n"));
    let revision = site.posts.get_revision(&editor(), id, Revision(3)).await;
    assert_eq!(revision.unwrap().row.saved.merged_from, Some(Revision(1)));
}

#[tokio::test]
async fn a_current_change_is_not_reported_as_merged() {
    let (site, id, tag) = site_with_post().await;
    let change = body_patch("x\n");
    let result = site.posts.update_merging(&editor(), id, tag, change).await;
    assert_eq!(result.unwrap().merged, None);
}

#[tokio::test]
async fn overlapping_changes_return_the_same_conflict_as_without_merging() {
    let (site, id, tag) = site_with_post().await;
    let theirs = PostPatch {
        title: "Suyo".parse().ok(),
        published_at: Some("2099-01-01T00:00:00Z".parse().ok()),
        ..body_patch("uno\nDOS\ntres\n")
    };
    site.posts.update(&editor(), id, tag, theirs).await.unwrap();
    let date = PostPatch {
        published_at: Some(None),
        ..PostPatch::default()
    };
    for ours in [
        title_patch("Nuestro"),
        body_patch("uno\ndos!\ntres\n"),
        date,
    ] {
        let plain = site.posts.update(&editor(), id, tag, ours.clone()).await;
        let merging = site.posts.update_merging(&editor(), id, tag, ours).await;
        let (Err(Error::Stale(plain)), Err(Error::Stale(merging))) = (plain, merging) else {
            panic!("both must conflict")
        };
        assert_eq!(plain, merging);
        assert!(!plain.fields.is_empty() || plain.body.is_some());
    }
}

#[tokio::test]
async fn equal_changes_do_not_conflict_and_seo_fields_merge_separately() {
    let (site, id, tag) = site_with_post().await;
    let seo = |title: Option<&str>, description: Option<&str>| PostPatch {
        title: "Adiós".parse().ok(),
        seo: Some(Some(SeoPatch {
            title: title.map(|text| Some(text.to_owned())),
            description: description.map(|text| Some(text.to_owned())),
        })),
        ..PostPatch::default()
    };
    let theirs = seo(Some("t"), None);
    site.posts.update(&editor(), id, tag, theirs).await.unwrap();
    let ours = seo(None, Some("d"));
    let merged = site.posts.update_merging(&editor(), id, tag, ours).await;
    let merged = merged.unwrap();
    let seo = merged.rendered.copy.manuscript.seo.unwrap();
    assert_eq!(
        (seo.title.as_deref(), seo.description.as_deref()),
        (Some("t"), Some("d"))
    );
}

#[tokio::test]
async fn a_repeated_merge_gets_the_same_answer() {
    // The second change equals the concurrent one, so the merge creates no revision.
    for change in [last_line, first_line] {
        let (site, id, tag) = site_with_edited_post().await;
        let caller = once(editor(), "key", "digest");
        let merge = || site.posts.update_merging(&caller, id, tag, change());
        let first = merge().await.unwrap();
        assert!(matches!(first.merged, Some(Merged::With(_))), "{first:?}");
        // A later change does not affect the recorded answer.
        site.update(&first.rendered.copy, body_patch("x\n")).await;
        let again = merge().await.unwrap();
        assert!(again.replayed && !first.replayed);
        assert_eq!(first.rendered, again.rendered);
        assert_eq!(first.merged, again.merged);
    }
}

#[tokio::test]
async fn a_repeated_merge_is_reported_after_its_base_was_deleted() {
    let (site, id, tag) = site_with_edited_post().await;
    let caller = once(editor(), "key", "digest");
    let change = || site.posts.update_merging(&caller, id, tag, last_line());
    change().await.unwrap();
    site.erase("posts", keys::revision(id, Revision(1))).await;
    let again = change().await;
    assert_eq!(again.unwrap().merged, Some(Merged::WithUnknown));
}

#[tokio::test]
async fn a_repeated_write_after_a_merge_is_not_reported_as_merged() {
    let (site, id, tag) = site_with_edited_post().await;
    let merged = site
        .posts
        .update_merging(&editor(), id, tag, last_line())
        .await;
    let tag = merged.unwrap().rendered.copy.post.tag();
    // The current revision is that of the merge.
    let plain = once(editor(), "plain", "digest");
    let plain = || site.posts.transition(&plain, id, tag, Transition::Trash);
    let (first, again) = (plain().await.unwrap(), plain().await.unwrap());
    assert!(again.replayed && !first.replayed);
    assert_eq!((first.merged, again.merged), (None, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_is_retried_after_conflicts_and_fails_when_they_persist() {
    let site = Arc::new(site().await);
    // Sixteen writers change one line each.
    let mut new = draft("Muchos");
    new.manuscript.body = (0..16)
        .flat_map(|n| [n.to_string(), "\n\n".to_owned()])
        .collect();
    let shared = site.create(new).await;
    let (id, tag) = (shared.post.state.id, shared.post.tag());
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..16 {
        let own = format!("writer {n}\n\n");
        let body = &shared.manuscript.body;
        let text = body.replacen(&format!("{n}\n\n"), &own, 1);
        let site = Arc::clone(&site);
        writers.spawn(async move {
            let patch = body_patch(&text);
            let merged = site.posts.update_merging(&editor(), id, tag, patch).await;
            (n, merged)
        });
    }
    let results = writers.join_all().await;
    let accepted = results.iter().filter(|(_, result)| result.is_ok()).count();
    assert!(accepted > 0);
    let now = site.read(id).await;
    assert_eq!(now.post.state.version.0, 1 + accepted as u64);
    for (n, result) in &results {
        let there = now.manuscript.body.contains(&format!("writer {n}\n"));
        assert_eq!(there, result.is_ok(), "{result:?}");
        assert!(matches!(result, Ok(_) | Err(Error::Contended)));
    }
}

#[tokio::test]
async fn a_change_based_on_a_missing_revision_is_a_conflict() {
    let (site, id, _) = site_with_post().await;
    let tag = "1.7".parse().unwrap();
    let refused = site
        .posts
        .update_merging(&editor(), id, tag, body_patch("x\n"))
        .await;
    let Err(Error::Stale(conflict)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((conflict.base_revision, conflict.body), (Revision(7), None));
}
