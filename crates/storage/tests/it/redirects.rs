//! Redirects: chains and permissions.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use tintero_domain::{
    Error,
    access::Role,
    page::{Limit, PageRequest},
    redirects::{
        ChainLink, NewRedirect, Redirect, RedirectPorts, RedirectStore as _, RedirectTarget,
        Redirects,
    },
    writes::WriteOutcome,
};
use tintero_embedded::faults::FaultAction;
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
        site: site.sites.clone(),
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

async fn request(service: &Redirects, path: &str, times: usize) {
    for _ in 0..times {
        let resolved = service.resolve(path.parse().unwrap()).await;
        assert!(matches!(resolved, Err(Error::NotFound(_))));
    }
}

/// The paths and counts on all pages of the list.
async fn unknown(service: &Redirects, limit: u64) -> Vec<(String, u64)> {
    let mut page = PageRequest {
        limit: Limit::new(limit).unwrap(),
        cursor: None,
    };
    let mut listed = Vec::new();
    loop {
        let found = service.list_unknown_addresses(&editor(), &page).await;
        let found = found.unwrap();
        assert!(found.items.len() <= page.limit.get());
        let rows = found.items.into_iter();
        listed.extend(rows.map(|one| (one.path.to_string(), one.count)));
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return listed,
        }
    }
}

fn counts(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    let own = |(path, count): &(&str, u64)| ((*path).to_owned(), *count);
    expected.iter().map(own).collect()
}

#[tokio::test]
async fn servers_add_up_their_requests_for_unknown_addresses() {
    let site = site().await;
    let servers = [redirects(&site), redirects(&site)];
    for server in &servers {
        request(server, "/a", 3).await;
        request(server, "/b", 1).await;
    }
    request(&servers[1], "/c", 4).await;
    for server in &servers {
        server.store_unknown_addresses().await.unwrap();
    }
    for limit in [1, 2, 20] {
        let expected = counts(&[("/a", 6), ("/c", 4), ("/b", 2)]);
        assert_eq!(unknown(&servers[0], limit).await, expected);
    }
    assert_eq!(servers[0].store_unknown_addresses().await.unwrap(), 0);
}

#[tokio::test]
async fn a_request_for_an_unknown_address_costs_no_write() {
    let site = site().await;
    let service = redirects(&site);
    let _ = site.wire.measure();
    request(&service, "/a", 100).await;
    let cost = site.wire.measure();
    assert_eq!((cost.requests, cost.write_units), (100, 0.0));
}

#[tokio::test]
async fn known_dismissed_and_long_addresses_are_not_listed() {
    let site = site().await;
    let service = redirects(&site);
    request(&service, "/a", 3).await;
    request(&service, "/b", 2).await;
    request(&service, "/c", 1).await;
    request(&service, &format!("/{}", "x".repeat(256)), 9).await;
    let new = new_redirect("/a", "/z");
    service.create(&editor(), new).await.unwrap();
    let path = "/b".parse().unwrap();
    let dismissed = service.dismiss_unknown_address(&editor(), &path).await;
    dismissed.unwrap();
    request(&service, "/b", 2).await;
    assert_eq!(unknown(&service, 20).await, counts(&[("/c", 1)]));
    let path = "/d".parse().unwrap();
    let missing = service.dismiss_unknown_address(&editor(), &path).await;
    assert!(matches!(missing, Err(Error::NotFound(_))));
    let author = caller(Role::Author, 2);
    let page = PageRequest::default();
    let refused = service.list_unknown_addresses(&author, &page).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn the_log_of_unknown_addresses_is_bounded_and_expires() {
    let site = site().await;
    let service = redirects(&site);
    for round in 0..6 {
        request(&service, "/frequent", 20).await;
        for n in 0..400 {
            let noise = format!("/{round}/{n}/{}", "x".repeat(200));
            request(&service, &noise, 1).await;
        }
        service.store_unknown_addresses().await.unwrap();
    }
    let listed = unknown(&service, 100).await;
    assert!((400..=512).contains(&listed.len()), "{}", listed.len());
    assert_eq!(listed[0], ("/frequent".to_owned(), 120));
    site.clock.forward(30 * 24 * 60 * 60 * 1000);
    assert!(unknown(&service, 100).await.is_empty());
}

#[tokio::test]
async fn requests_that_cannot_be_stored_are_kept() {
    let site = site().await;
    let service = redirects(&site);
    request(&service, "/a", 3).await;
    site.wire.on(|call| match call.operation {
        "PutItem" => FaultAction::Throttle,
        _ => FaultAction::Pass,
    });
    assert!(service.store_unknown_addresses().await.is_err());
    site.wire.clear();
    request(&service, "/a", 1).await;
    assert_eq!(unknown(&service, 20).await, counts(&[("/a", 4)]));
}

#[tokio::test]
async fn a_lost_response_does_not_count_requests_twice() {
    let site = site().await;
    let service = redirects(&site);
    request(&service, "/a", 3).await;
    let mut is_first = true;
    site.wire.on(move |call| {
        let is_put = call.operation == "PutItem";
        if is_put && std::mem::take(&mut is_first) {
            FaultAction::LoseResponse
        } else {
            FaultAction::Pass
        }
    });
    service.store_unknown_addresses().await.unwrap();
    assert_eq!(unknown(&service, 20).await, counts(&[("/a", 3)]));
}
