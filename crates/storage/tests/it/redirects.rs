//! Redirects: chains and permissions.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use tintero_domain::{
    Error,
    access::Role,
    redirects::{
        ChainLink, NewRedirect, Redirect, RedirectPorts, RedirectStore as _, RedirectTarget,
        Redirects,
    },
    writes::WriteOutcome,
};
use tintero_storage::{CursorKey, CursorKeys};

use crate::site::{Site, caller, editor, site};

fn store(site: &Site) -> tintero_storage::DynamoRedirectStore {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    tintero_storage::DynamoRedirectStore::new(site.dynamo.clone(), cursors)
}

/// The service with the stores of a site.
pub(crate) fn redirects(site: &Site) -> Redirects {
    let store = Arc::new(store(site));
    let ports = RedirectPorts {
        store: store.clone(),
        unknown: store,
        posts: Arc::new(site.post_store()),
        categories: Arc::new(site.taxonomy.clone()),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
    };
    Redirects::new(ports, site.posts.clone())
}

fn new_redirect(from: &str, to: &str) -> NewRedirect {
    NewRedirect {
        from: from.parse().unwrap(),
        target: RedirectTarget::Location(to.parse().unwrap()),
        permanent: true,
    }
}

#[tokio::test]
async fn an_insertion_conflicts_when_the_chain_changed() {
    let site = site().await;
    let (store, redirects) = (store(&site), redirects(&site));
    let first = redirects
        .create(&editor(), new_redirect("/a", "/b"))
        .await
        .unwrap();
    let second = Redirect {
        id: "019b0000-0000-7000-8000-00000000ffff".parse().unwrap(),
        from: "/b".parse().unwrap(),
        target: RedirectTarget::Location("/a".parse().unwrap()),
        ..first.clone()
    };
    let context = |n: u128| tintero_domain::writes::WriteContext {
        id: uuid::Uuid::from_u128(n),
        actor: None,
        key: None,
        action: tintero_domain::audit_action::AuditAction::CreateRedirect,
        at: first.created_at,
        request_id: "test".to_owned(),
        idempotency: None,
        step: None,
    };
    let seen_free = [ChainLink {
        path: "/a".parse().unwrap(),
        redirect: None,
    }];
    let outcome = store
        .insert(&context(1), &second, &seen_free)
        .await
        .unwrap();
    assert_eq!(outcome, WriteOutcome::Conflict, "it would create a loop");
    let refused = redirects.create(&editor(), new_redirect("/b", "/a")).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn only_administrators_and_editors_create_redirects() {
    let site = site().await;
    let redirects = redirects(&site);
    for role in Role::ALL {
        let from = format!("/{}", role.as_str());
        let created = redirects
            .create(&caller(role, 7), new_redirect(&from, "/x"))
            .await;
        let allowed = matches!(role, Role::Administrator | Role::Editor);
        assert_eq!(created.is_ok(), allowed, "{}", role.as_str());
    }
}
