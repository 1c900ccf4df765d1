use std::sync::Arc;

use tintero_domain::{
    Error,
    posts::{Merged, PostPatch, SeoPatch, Transition, WorkingCopy},
    values::Revision,
};
use tintero_storage::keys;

use crate::site::{Site, draft, editor, once, site};

async fn a_post(site: &Site) -> WorkingCopy {
    let mut new = draft("Hola");
    new.manuscript.body = String::from("uno\ndos\ntres\n");
    site.posts.create(&editor(), new).await.unwrap().shown.copy
}

fn body(text: &str) -> PostPatch {
    PostPatch {
        body: Some(text.to_owned()),
        ..PostPatch::default()
    }
}

#[tokio::test]
async fn a_late_change_that_meets_no_other_is_merged_and_told_what_others_did() {
    let site = site().await;
    let base = a_post(&site).await;
    let (id, tag) = (base.post.standing.id, base.post.tag());
    let theirs = PostPatch {
        tags: Some(vec!["aws".parse().unwrap()]),
        ..body("UNO\ndos\ntres\n")
    };
    site.posts.update(&editor(), id, tag, theirs).await.unwrap();
    let ours = PostPatch {
        title: "Adiós".parse().ok(),
        ..body("uno\ndos\nTRES\n")
    };
    let effect = site
        .posts
        .update_merging(&editor(), id, tag, ours)
        .await
        .unwrap();
    let copy = effect.shown.copy;
    assert_eq!(copy.manuscript.body, "UNO\ndos\nTRES\n");
    assert_eq!(
        (
            copy.post.content.title.as_str(),
            copy.post.content.tags.len()
        ),
        ("Adiós", 1)
    );
    assert_eq!(
        (copy.post.standing.version.0, copy.post.standing.revision.0),
        (3, 3)
    );
    let Some(Merged::With(diff)) = effect.merged else {
        panic!("{:?}", effect.merged)
    };
    assert_eq!((diff.from, diff.to), (Revision(1), Revision(2)));
    assert_eq!(
        diff.fields
            .iter()
            .map(|field| field.field)
            .collect::<Vec<_>>(),
        ["tags"]
    );
    assert!(diff.body.unwrap().unified.contains("+UNO\n"));
    let row = site
        .posts
        .get_revision(&editor(), id, Revision(3))
        .await
        .unwrap()
        .row;
    assert_eq!(row.saved.merged_from, Some(Revision(1)));
}

#[tokio::test]
async fn a_change_in_time_is_not_called_merged() {
    let site = site().await;
    let base = a_post(&site).await;
    let (id, tag) = (base.post.standing.id, base.post.tag());
    let effect = site
        .posts
        .update_merging(&editor(), id, tag, body("x\n"))
        .await
        .unwrap();
    assert_eq!(effect.merged, None);
}

#[tokio::test]
async fn what_meets_is_the_same_conflict_as_without_merging() {
    let site = site().await;
    let base = a_post(&site).await;
    let (id, tag) = (base.post.standing.id, base.post.tag());
    let title = |text: &str| PostPatch {
        title: text.parse().ok(),
        ..PostPatch::default()
    };
    let theirs = PostPatch {
        published_at: Some("2099-01-01T00:00:00Z".parse().ok()),
        ..body("uno\nDOS\ntres\n")
    };
    let theirs = PostPatch {
        title: title("Suyo").title,
        ..theirs
    };
    site.posts.update(&editor(), id, tag, theirs).await.unwrap();
    let date = PostPatch {
        published_at: Some(None),
        ..PostPatch::default()
    };
    for ours in [title("Nuestro"), body("uno\ndos!\ntres\n"), date] {
        let plain = site.posts.update(&editor(), id, tag, ours.clone()).await;
        let merging = site.posts.update_merging(&editor(), id, tag, ours).await;
        let (Err(Error::Stale(plain)), Err(Error::Stale(merging))) = (plain, merging) else {
            panic!("both meet")
        };
        assert_eq!(plain, merging);
        assert!(!plain.fields.is_empty() || plain.body.is_some());
    }
}

#[tokio::test]
async fn a_change_that_both_made_is_no_conflict_and_the_texts_for_search_engines_are_two() {
    let site = site().await;
    let base = a_post(&site).await;
    let (id, tag) = (base.post.standing.id, base.post.tag());
    let seo = |title: Option<&str>, description: Option<&str>| PostPatch {
        title: "Adiós".parse().ok(),
        seo: Some(Some(SeoPatch {
            title: title.map(|text| Some(text.to_owned())),
            description: description.map(|text| Some(text.to_owned())),
        })),
        ..PostPatch::default()
    };
    site.posts
        .update(&editor(), id, tag, seo(Some("t"), None))
        .await
        .unwrap();
    let merged = site
        .posts
        .update_merging(&editor(), id, tag, seo(None, Some("d")))
        .await
        .unwrap();
    let seo = merged.shown.copy.manuscript.seo.unwrap();
    assert_eq!(
        (seo.title.as_deref(), seo.description.as_deref()),
        (Some("t"), Some("d"))
    );
}

#[tokio::test]
async fn a_merged_change_gives_the_same_answer_again() {
    let site = site().await;
    let base = a_post(&site).await;
    let (id, tag) = (base.post.standing.id, base.post.tag());
    site.posts
        .update(&editor(), id, tag, body("UNO\ndos\ntres\n"))
        .await
        .unwrap();
    let caller = once(editor(), "key", "digest");
    let change = || {
        site.posts
            .update_merging(&caller, id, tag, body("uno\ndos\nTRES\n"))
    };
    let first = change().await.unwrap();
    let again = change().await.unwrap();
    assert!(again.replayed && !first.replayed);
    assert_eq!((first.shown, first.merged), (again.shown, again.merged));
}

#[tokio::test]
async fn a_merge_that_changed_nothing_gives_the_same_answer_again() {
    let site = site().await;
    let base = a_post(&site).await;
    let (id, tag) = (base.post.standing.id, base.post.tag());
    let same = || body("UNO\ndos\ntres\n");
    site.posts.update(&editor(), id, tag, same()).await.unwrap();
    let caller = once(editor(), "key", "digest");
    let first = site.posts.update_merging(&caller, id, tag, same()).await;
    let first = first.unwrap();
    assert!(matches!(first.merged, Some(Merged::With(_))), "{first:?}");
    // What comes later changes nothing of what was answered.
    let tag_now = first.shown.copy.post.tag();
    let later = site.posts.update(&editor(), id, tag_now, body("x\n")).await;
    later.unwrap();
    let again = site.posts.update_merging(&caller, id, tag, same()).await;
    let again = again.unwrap();
    assert!(again.replayed);
    assert_eq!((first.shown, first.merged), (again.shown, again.merged));
}

#[tokio::test]
async fn a_repetition_says_that_it_was_merged_when_its_base_is_forgotten() {
    let site = site().await;
    let base = a_post(&site).await;
    let (id, tag) = (base.post.standing.id, base.post.tag());
    site.posts
        .update(&editor(), id, tag, body("UNO\ndos\ntres\n"))
        .await
        .unwrap();
    let caller = once(editor(), "key", "digest");
    let change = || {
        site.posts
            .update_merging(&caller, id, tag, body("uno\ndos\nTRES\n"))
    };
    change().await.unwrap();
    site.erase("posts", keys::revision(id, Revision(1))).await;
    let again = change().await;
    assert_eq!(again.unwrap().merged, Some(Merged::WithForgotten));
}

#[tokio::test]
async fn only_a_merged_change_is_called_merged_when_it_is_repeated() {
    let site = site().await;
    let base = a_post(&site).await;
    let (id, tag) = (base.post.standing.id, base.post.tag());
    let theirs = || body("UNO\ndos\ntres\n");
    site.posts
        .update(&editor(), id, tag, theirs())
        .await
        .unwrap();
    // It finds what it wants, so it makes no revision.
    let same = once(editor(), "same", "digest");
    let same = || site.posts.update_merging(&same, id, tag, theirs());
    let (first, again) = (same().await.unwrap(), same().await.unwrap());
    assert!(first.merged.is_some());
    assert_eq!((first.shown, first.merged), (again.shown, again.merged));
    let ours = body("uno\ndos\nTRES\n");
    let merged = site.posts.update_merging(&editor(), id, tag, ours).await;
    let tag = merged.unwrap().shown.copy.post.tag();
    // It stands at the revision of the merge.
    let plain = once(editor(), "plain", "digest");
    let plain = || site.posts.transition(&plain, id, tag, Transition::Trash);
    let (first, again) = (plain().await.unwrap(), plain().await.unwrap());
    assert!(again.replayed && !first.replayed);
    assert_eq!((first.merged, again.merged), (None, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_is_outrun_again_is_tried_again_and_at_last_given_up() {
    let site = Arc::new(site().await);
    // Sixteen writers, each of whom writes one line of its own, far from the others'.
    let mut new = draft("Muchos");
    new.manuscript.body = (0..16)
        .flat_map(|n| [n.to_string(), "\n\n".to_owned()])
        .collect();
    let shared = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    let (id, tag) = (shared.post.standing.id, shared.post.tag());
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..16 {
        let own = format!("writer {n}\n\n");
        let text = shared
            .manuscript
            .body
            .replacen(&format!("{n}\n\n"), &own, 1);
        let site = Arc::clone(&site);
        writers.spawn(async move {
            let patch = body(&text);
            (
                n,
                site.posts.update_merging(&editor(), id, tag, patch).await,
            )
        });
    }
    let results = writers.join_all().await;
    let accepted = results.iter().filter(|(_, result)| result.is_ok()).count();
    assert!(accepted > 0);
    let now = site.posts.get(&editor(), id).await.unwrap().copy;
    assert_eq!(now.post.standing.version.0, 1 + accepted as u64);
    for (n, result) in &results {
        let there = now.manuscript.body.contains(&format!("writer {n}\n"));
        assert_eq!(there, result.is_ok(), "{result:?}");
        assert!(matches!(result, Ok(_) | Err(Error::Contended)));
    }
}

#[tokio::test]
async fn a_base_that_is_not_kept_cannot_be_merged() {
    let site = site().await;
    let base = a_post(&site).await;
    let id = base.post.standing.id;
    let tag = "1.7".parse().unwrap();
    let refused = site
        .posts
        .update_merging(&editor(), id, tag, body("x\n"))
        .await;
    let Err(Error::Stale(conflict)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((conflict.base_revision, conflict.body), (Revision(7), None));
}
