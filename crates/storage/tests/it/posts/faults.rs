//! Each write meets each fault at each of its requests: nothing is ever half done.

use tintero_domain::{
    Error, Result,
    page::PageRequest,
    posts::{DeskFacet, Effect, Found, PostPatch, PublicFacet, Transition, Unsaved, WorkingCopy},
    values::Revision,
};
use tintero_embedded::faults::Verdict;

use crate::site::{Site, draft, editor, once, site, slug};

/// Everything that the public and the desk see of the site.
async fn view(site: &Site) -> String {
    let rows = site
        .posts
        .list_public(PublicFacet::Latest, &PageRequest::default())
        .await
        .unwrap();
    let tagged = site
        .posts
        .list_public(
            PublicFacet::Tag("aws".parse().unwrap()),
            &PageRequest::default(),
        )
        .await
        .unwrap();
    let mut live = Vec::new();
    for address in ["hola", "adios"] {
        live.push(
            match site
                .posts
                .get_public(slug(address), None)
                .await
                .map(|found| found.what)
            {
                Ok(Found::Here(copy)) => format!("{address}: {} {}", copy.summary.title, copy.body),
                Ok(Found::Moved(to)) => format!("{address} -> {}", to.slug),
                Err(Error::NotFound(_)) => format!("{address}: not found"),
                Err(Error::Gone(_)) => format!("{address}: gone"),
                Err(error) => panic!("{error}"),
            },
        );
    }
    let desk = desk(site).await;
    format!("{:?}\n{:?}\n{live:?}\n{desk:?}", rows.items, tagged.items)
}

/// Where each post stands, with its whole history.
async fn desk(site: &Site) -> Vec<String> {
    let page = PageRequest::default();
    let posts = site
        .posts
        .list_desk(&editor(), DeskFacet::Updated, &page)
        .await
        .unwrap();
    let mut seen = Vec::new();
    for post in posts.items {
        let id = post.standing.id;
        let copy = site.posts.get(&editor(), id).await.unwrap().copy;
        let history = site.posts.list_revisions(&editor(), id, &page).await;
        let history: Vec<_> = history
            .unwrap()
            .items
            .into_iter()
            .map(|row| (row.revision, row.title, row.saved, row.published))
            .collect();
        let aside = site.posts.get_autosave(&editor(), id).await.is_ok();
        let body = copy.manuscript.body;
        seen.push(format!("{} {body:?} {aside} {history:?}", post.tag()));
    }
    seen
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Write {
    Create,
    Update,
    Publish,
    Unpublish,
    Trash,
    Untrash,
    Restore,
    Merge,
}

const WRITES: [Write; 8] = [
    Write::Create,
    Write::Restore,
    Write::Merge,
    Write::Update,
    Write::Publish,
    Write::Unpublish,
    Write::Trash,
    Write::Untrash,
];

/// The post on which a write is tried.
async fn subject(site: &Site, write: Write) -> Option<WorkingCopy> {
    let mut new = draft("Hola");
    new.tags = vec!["aws".parse().unwrap()];
    let copy = match write {
        Write::Create => return None,
        _ => site.posts.create(&editor(), new).await.unwrap().shown.copy,
    };
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    Some(match write {
        Write::Update | Write::Unpublish | Write::Trash => site.publish(&copy).await.unwrap(),
        Write::Untrash => {
            site.posts
                .transition(&editor(), id, tag, Transition::Trash)
                .await
                .unwrap()
                .shown
                .copy
        }
        Write::Restore | Write::Merge => {
            let patch = PostPatch {
                tags: Some(Vec::new()),
                ..PostPatch::default()
            };
            let theirs = site.posts.update(&editor(), id, tag, patch).await;
            let theirs = theirs.unwrap().shown.copy;
            let unsaved = Unsaved::default();
            site.posts
                .put_autosave(&editor(), id, tag.revision, unsaved)
                .await
                .unwrap();
            if write == Write::Merge { copy } else { theirs }
        }
        Write::Create | Write::Publish => copy,
    })
}

async fn attempt(site: &Site, write: Write, subject: Option<&WorkingCopy>) -> Result<Effect> {
    let caller = once(editor(), "key", "digest");
    let Some(copy) = subject else {
        return site.posts.create(&caller, draft("Hola")).await;
    };
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let patch = PostPatch {
        slug: Some(slug("adios")),
        body: Some("nuevo".into()),
        ..PostPatch::default()
    };
    match write {
        Write::Create | Write::Update => site.posts.update(&caller, id, tag, patch).await,
        Write::Merge => site.posts.update_merging(&caller, id, tag, patch).await,
        Write::Restore => {
            site.posts
                .restore(&caller, id, tag, Revision(1), None)
                .await
        }
        Write::Publish => site.posts.publish(&caller, id, tag, None).await,
        Write::Unpublish => {
            site.posts
                .transition(&caller, id, tag, Transition::Unpublish)
                .await
        }
        Write::Trash => {
            site.posts
                .transition(&caller, id, tag, Transition::Trash)
                .await
        }
        Write::Untrash => {
            site.posts
                .transition(&caller, id, tag, Transition::Untrash)
                .await
        }
    }
}

/// The site's views before the write and after it, when nothing goes wrong.
async fn expected(write: Write) -> (String, String, u64) {
    let site = site().await;
    let copy = subject(&site, write).await;
    let before = view(&site).await;
    let _ = site.wire.measure();
    attempt(&site, write, copy.as_ref()).await.unwrap();
    let requests = site.wire.measure().requests;
    (before, view(&site).await, requests)
}

#[tokio::test]
async fn a_write_that_meets_a_fault_happens_once_or_not_at_all() {
    for write in WRITES {
        let (before, after, requests) = Box::pin(expected(write)).await;
        for fault in [
            Verdict::CrashBefore,
            Verdict::LoseAnswer,
            Verdict::Throttle,
            Verdict::TransactionConflict,
        ] {
            for nth in 1..=requests {
                let site = site().await;
                let copy = subject(&site, write).await;
                let mut calls = 0;
                site.wire.on(move |call| {
                    calls += 1;
                    let fits = fault != Verdict::TransactionConflict
                        || call.operation == "TransactWriteItems";
                    if calls == nth && fits {
                        fault
                    } else {
                        Verdict::Pass
                    }
                });
                let outcome = attempt(&site, write, copy.as_ref()).await;
                site.wire.clear();
                let seen = view(&site).await;
                let case = format!("{write:?} with {fault:?} at request {nth}: {outcome:?}");
                match outcome {
                    Ok(effect) => {
                        assert!(!effect.replayed, "{case}");
                        assert_eq!(seen, after, "{case}");
                    }
                    Err(Error::Unavailable(_) | Error::Contended) => {
                        assert!(seen == before || seen == after, "{case}\n{seen}");
                    }
                    Err(error) => panic!("{case}: {error}"),
                }
                // The client repeats its request under the same key: now it has happened, once.
                attempt(&site, write, copy.as_ref())
                    .await
                    .unwrap_or_else(|error| panic!("{case}, then {error}"));
                assert_eq!(view(&site).await, after, "{case}, repeated");
            }
        }
    }
}

#[tokio::test]
async fn contention_beyond_patience_is_said_to_be_that() {
    let site = site().await;
    site.wire.on(|call| match call.operation {
        "TransactWriteItems" => Verdict::TransactionConflict,
        _ => Verdict::Pass,
    });
    assert!(matches!(
        site.posts.create(&editor(), draft("Hola")).await,
        Err(Error::Contended)
    ));
}
