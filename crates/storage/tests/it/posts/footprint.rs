//! Callers without the permission to publish do not change what the public sees or can name.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use proptest::{prelude::*, sample::select};
use tintero_domain::{
    Error,
    access::{Caller, Grant, Role},
    posts::{PostPatch, Transition, Translation, TranslationPatch, Unsaved},
    values::{ApiKeyId, OldPath, PostId, Revision},
};
use tintero_storage::client;
use uuid::Uuid;

use crate::site::{Site, caller, draft, editor, schedule, site, slug};

const SLUGS: [&str; 5] = ["uno", "dos", "retirado", "about", "index"];
const PATHS: [&str; 4] = ["/", "/about", "/uno.html", "/retirado.html"];
const LOCALES: [&str; 3] = ["es", "en", "fr"];

/// A call of one of three callers who may not publish.
#[derive(Debug, Clone)]
struct Attempt {
    by: usize,
    /// The post that it changes, modulo their number.
    post: usize,
    call: Call,
}

#[derive(Debug, Clone)]
enum Call {
    Create(Names),
    Update { names: Names, merge: bool },
    Restore(u64),
    Change(Transition),
    Schedule,
    Publish,
    Purge,
    Autosave,
}

#[derive(Debug, Clone)]
struct Names {
    slug: Option<&'static str>,
    locale: Option<&'static str>,
    path: Option<&'static str>,
    /// The translated post, modulo their number.
    of: Option<usize>,
}

fn names() -> impl Strategy<Value = Names> {
    let slug = proptest::option::of(select(&SLUGS[..]));
    let locale = proptest::option::of(select(&LOCALES[..]));
    let path = proptest::option::of(select(&PATHS[..]));
    let of = proptest::option::of(0..6_usize);
    (slug, locale, path, of).prop_map(|(slug, locale, path, of)| Names {
        slug,
        locale,
        path,
        of,
    })
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let update = (names(), any::<bool>());
    let call = prop_oneof![
        3 => names().prop_map(Call::Create),
        6 => update.prop_map(|(names, merge)| Call::Update { names, merge }),
        2 => (1..4_u64).prop_map(Call::Restore),
        4 => select(&Transition::ALL[..]).prop_map(Call::Change),
        1 => Just(Call::Schedule),
        1 => Just(Call::Publish),
        1 => Just(Call::Purge),
        1 => Just(Call::Autosave),
    ];
    (0..3_usize, 0..12_usize, call).prop_map(|(by, post, call)| Attempt { by, post, call })
}

/// Two contributors, and an author through an API key that may not publish.
fn callers() -> [Caller; 3] {
    let scopes = "posts:read,posts:create,posts:edit_own,posts:trash_own";
    let grant = Grant::Key {
        id: ApiKeyId::new(Uuid::from_u128(1)),
        scopes: scopes.parse().unwrap(),
    };
    [
        caller(Role::Contributor, 7),
        caller(Role::Contributor, 8),
        Caller {
            grant,
            ..caller(Role::Author, 9)
        },
    ]
}

/// A site where each caller owns a public, a scheduled and a withdrawn post. Returns all posts.
async fn a_site_with_posts(site: &Site) -> Vec<PostId> {
    let source = site.a_published_post("Uno").await;
    let mut posts = vec![source.post.state.id];
    for (nth, owner) in callers().iter().enumerate() {
        for kind in ["publicado", "planeado", "retirado"] {
            let mut new = draft(&format!("{kind} {nth}"));
            new.aliases = vec![format!("/{kind}-{nth}.html").parse().unwrap()];
            if kind == "retirado" && nth == 0 {
                new.locale = "en".parse().ok();
                new.translation = Some(Translation {
                    of: source.post.state.id,
                    source_revision: Revision(1),
                });
            }
            let copy = site.by(owner).create(new).await.unwrap();
            if kind == "planeado" {
                site.schedule(&copy, schedule(Some(3600), None)).await;
            } else {
                let copy = site.publish(&copy).await.unwrap();
                if kind == "retirado" {
                    site.transition(&copy, Transition::Unpublish).await;
                }
            }
            posts.push(copy.post.state.id);
        }
    }
    posts
}

/// All items that answer anonymous callers or hold a name, by their keys.
async fn footprint(site: &Site) -> BTreeMap<(String, String), String> {
    let tables = client::embedded(site.wire.http_client()).requests;
    let all = tables.scan().table_name("t-posts").send().await.unwrap();
    let text = |value: &AttributeValue| value.as_s().unwrap().clone();
    let items = all.items().iter().map(|item| {
        let attributes: BTreeMap<_, _> = item.iter().collect();
        let key = (text(&item["pk"]), text(&item["sk"]));
        (key, format!("{attributes:?}"))
    });
    let is_public = |(pk, sk): &(String, String)| match pk.split('#').next() {
        Some("S" | "U" | "R" | "L") => true,
        Some("G") => sk.starts_with("L#"),
        _ => false,
    };
    items.filter(|(key, _)| is_public(key)).collect()
}

async fn call(site: &Site, posts: &mut Vec<PostId>, attempt: &Attempt) -> Result<(), Error> {
    let by = &callers()[attempt.by];
    let id = posts[attempt.post % posts.len()];
    let translated = |of: Option<usize>| of.map(|of| posts[of % posts.len()]);
    let copy = site.posts.get(by, id).await?.copy;
    let (actor, tag) = (site.by(by), copy.post.tag());
    let aliases = |path: Option<&str>| path.map(|path| vec![path.parse::<OldPath>().unwrap()]);
    match &attempt.call {
        Call::Create(names) => {
            let mut new = draft("Nuevo");
            new.slug = names.slug.map(slug);
            new.locale = names.locale.map(|locale| locale.parse().unwrap());
            new.aliases = aliases(names.path).unwrap_or_default();
            let source_revision = Revision(1);
            let translation = |of| Translation {
                of,
                source_revision,
            };
            new.translation = translated(names.of).map(translation);
            posts.push(actor.create(new).await?.post.state.id);
        }
        Call::Update { names, merge } => {
            let translation = |of| TranslationPatch {
                of: Some(of),
                source_revision: Some(Revision(1)),
            };
            let patch = PostPatch {
                slug: names.slug.map(slug),
                locale: names.locale.map(|locale| locale.parse().unwrap()),
                aliases: aliases(names.path),
                translation: translated(names.of).map(|of| Some(translation(of))),
                ..PostPatch::default()
            };
            if *merge {
                Box::pin(site.posts.update_merging(by, id, tag, patch)).await?;
            } else {
                actor.update(&copy, patch).await?;
            }
        }
        Call::Restore(revision) => {
            let restored = site.posts.restore(by, id, tag, Revision(*revision), None);
            Box::pin(restored).await?;
        }
        Call::Change(transition) => {
            actor.transition(&copy, *transition).await?;
        }
        Call::Schedule => {
            actor.schedule(&copy, schedule(Some(7200), None)).await?;
        }
        Call::Publish => {
            actor.publish(&copy, None).await?;
        }
        Call::Purge => site.posts.purge(by, id, tag).await?,
        Call::Autosave => {
            let unsaved = Unsaved::default();
            let revision = copy.post.state.revision;
            site.posts.put_autosave(by, id, revision, unsaved).await?;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn callers_who_may_not_publish_leave_no_trace_in_public(
        attempts in prop::collection::vec(attempt(), 1..30),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(Box::pin(async {
            let site = site().await;
            let mut posts = Box::pin(a_site_with_posts(&site)).await;
            let before = footprint(&site).await;
            for attempt in &attempts {
                let _ = Box::pin(call(&site, &mut posts, attempt)).await;
                assert_eq!(footprint(&site).await, before, "{attempt:?}");
            }
            // Every name that they saved is free for those who may publish.
            for (nth, path) in PATHS.iter().enumerate() {
                let mut new = draft(&format!("Libre {nth}"));
                new.aliases = vec![path.parse().unwrap()];
                let copy = site.by(&editor()).create(new).await.unwrap();
                site.publish(&copy).await.unwrap();
            }
        }));
    }
}
