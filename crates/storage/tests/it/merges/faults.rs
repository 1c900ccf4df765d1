//! A merge meets each fault at each of its writes, with a new runner after each: as if everything
//! had been killed there.

use tintero_domain::{
    Error,
    operations::Operation,
    values::{CategoryId, IdOrSlug},
};
use tintero_embedded::faults::FaultAction;

use super::{a_category, a_post_in, is_over, listed, operation, set, shown};
use crate::site::{Site, editor, site};

const FAULTS: [FaultAction; 4] = [
    FaultAction::CrashBefore,
    FaultAction::LoseResponse,
    FaultAction::Throttle,
    FaultAction::TransactionConflict,
];

async fn two_categories(site: &Site) -> (CategoryId, CategoryId) {
    let (from, into) = (a_category(site, "Uno").await, a_category(site, "Dos").await);
    a_post_in(site, "En dos", &[into]).await;
    a_post_in(site, "En ambas", &[from, into]).await;
    for n in 0..3 {
        a_post_in(site, &format!("En uno {n}"), &[from]).await;
    }
    (from, into)
}

/// Lets the write of this number meet a fault, and every other one pass.
fn fail(site: &Site, nth: u64, fault: FaultAction) {
    let mut writes = 0;
    site.wire.on(move |call| {
        if call.operation != "TransactWriteItems" {
            return FaultAction::Pass;
        }
        writes += 1;
        if writes == nth { fault } else { FaultAction::Pass }
    });
}

/// What every reader must find at every moment.
async fn is_exact(site: &Site, into: CategoryId, case: &str) {
    let titles = listed(site, into, 2).await;
    let expected = ["En ambas", "En dos", "En uno 0", "En uno 1", "En uno 2"];
    assert_eq!(titles.len(), 5, "{case}: {titles:?}");
    assert_eq!(set(&titles), expected.into(), "{case}");
    let count = shown(site, into).await.post_count;
    assert!(count == 5 || count == 6, "{case}: {count} posts");
}

#[tokio::test]
async fn killed_at_any_write_it_goes_on_and_readers_see_no_difference() {
    for fault in FAULTS {
        for nth in 1..=8 {
            let case = format!("{fault:?} at write {nth}");
            let site = site().await;
            let (from, into) = two_categories(&site).await;
            let begun = super::merge(&site, from, into).await;
            let mut runners = 0;
            while !is_over(&operation(&site, begun.id).await) {
                // The lease of the one that was killed has run out.
                site.clock.forward(11_000);
                let runner = site.runner();
                // Two are killed in a row, and the third is left in peace.
                if runners < 2 {
                    fail(&site, nth, fault);
                }
                let _ = runner.round().await;
                site.wire.clear();
                is_exact(&site, into, &case).await;
                runners += 1;
                assert!(runners < 50, "{case} never ends");
            }
            let Operation { done, failures, .. } = operation(&site, begun.id).await;
            assert_eq!(done, 4, "{case}: each post is counted once");
            assert!(failures.is_empty(), "{case}: {failures:?}");
            assert_eq!(shown(&site, into).await.post_count, 5, "{case}");
        }
    }
}

#[tokio::test]
async fn a_merge_begins_once_or_not_at_all() {
    for fault in FAULTS {
        let site = site().await;
        let (from, into) = two_categories(&site).await;
        let base = shown(&site, from).await.category.version;
        fail(&site, 1, fault);
        let target = IdOrSlug::Id(into);
        let first = site.categories.merge(&editor(), from, base, &target).await;
        site.wire.clear();
        match &first {
            Ok(_) | Err(Error::Unavailable(_) | Error::Contended) => {}
            Err(error) => panic!("{fault:?}: {error}"),
        }
        let again = site.categories.merge(&editor(), from, base, &target).await;
        let again = again.unwrap();
        if let Ok(first) = first {
            assert_eq!(again.id, first.id, "{fault:?}");
        }
        super::run(&site).await;
        assert_eq!(operation(&site, again.id).await.done, 4, "{fault:?}");
        assert_eq!(shown(&site, into).await.post_count, 5, "{fault:?}");
    }
}

#[tokio::test]
async fn a_deletion_happens_once_or_not_at_all() {
    for fault in FAULTS {
        let site = site().await;
        let id = a_category(&site, "Uno").await;
        let base = shown(&site, id).await.category.version;
        fail(&site, 1, fault);
        let first = site.categories.remove(&editor(), id, base, None).await;
        site.wire.clear();
        let again = site.categories.remove(&editor(), id, base, None).await;
        match first {
            Ok(_) => assert!(matches!(again, Err(Error::Gone(_))), "{fault:?}"),
            Err(_) => assert!(matches!(again, Ok(_) | Err(Error::Gone(_))), "{fault:?}"),
        }
        assert!(site.categories.list().await.unwrap().is_empty());
    }
}
