//! Ways of redirects, as the store holds them.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

use std::sync::Arc;

use tintero_domain::{
    Error,
    access::Role,
    posts::Commit,
    redirects::{NewRedirect, Ports, Redirect, RedirectStore as _, Redirects, Step, Target},
};
use tintero_storage::{CursorKey, CursorKeys};

use crate::site::{Site, caller, editor, site};

fn store(site: &Site) -> tintero_storage::Redirects {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    tintero_storage::Redirects::new(site.dynamo.clone(), cursors)
}

/// The use cases over a site's stores.
pub(crate) fn redirects(site: &Site) -> Redirects {
    let ports = Ports {
        store: Arc::new(store(site)),
        posts: Arc::new(site.post_store()),
        categories: Arc::new(tintero_storage::Categories::new(site.dynamo.clone())),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
    };
    Redirects::new(ports, site.posts.clone())
}

fn leading(from: &str, to: &str) -> NewRedirect {
    NewRedirect {
        from: from.parse().unwrap(),
        target: Target::Place(to.parse().unwrap()),
        permanent: true,
    }
}

#[tokio::test]
async fn a_way_that_changes_while_a_redirect_is_made_is_looked_at_again() {
    let site = site().await;
    let (store, redirects) = (store(&site), redirects(&site));
    let first = redirects
        .create(&editor(), leading("/a", "/b"))
        .await
        .unwrap();
    let second = Redirect {
        id: "019b0000-0000-7000-8000-00000000ffff".parse().unwrap(),
        from: "/b".parse().unwrap(),
        target: Target::Place("/a".parse().unwrap()),
        ..first.clone()
    };
    let act = |n: u128| tintero_domain::act::Act {
        id: uuid::Uuid::from_u128(n),
        actor: None,
        key: None,
        action: tintero_domain::act::Action::CreateRedirect,
        at: first.created_at,
        request_id: "test".to_owned(),
        idempotency: None,
        step: None,
    };
    let seen_free = [Step {
        path: "/a".parse().unwrap(),
        redirect: None,
    }];
    let commit = store.insert(&act(1), &second, &seen_free).await.unwrap();
    assert_eq!(commit, Commit::Stale, "it would close a circle");
    let refused = redirects.create(&editor(), leading("/b", "/a")).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn redirects_are_for_administrators_and_editors() {
    let site = site().await;
    let redirects = redirects(&site);
    for role in Role::ALL {
        let from = format!("/{}", role.as_str());
        let made = redirects
            .create(&caller(role, 7), leading(&from, "/x"))
            .await;
        let may = matches!(role, Role::Administrator | Role::Editor);
        assert_eq!(made.is_ok(), may, "{}", role.as_str());
    }
}
