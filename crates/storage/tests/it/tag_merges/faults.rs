//! A merge meets each fault at each of its writes, with a new runner after each: as if everything
//! had been killed there.

use tintero_domain::{Error, operations::Operation};
use tintero_embedded::faults::FaultAction;

use super::{a_post, is_over, listed, merge, operation, rename, run, set, used};
use crate::site::{Site, site};

const FAULTS: [FaultAction; 4] = [
    FaultAction::CrashBefore,
    FaultAction::LoseResponse,
    FaultAction::Throttle,
    FaultAction::TransactionConflict,
];

async fn two_tags(site: &Site) {
    a_post(site, "En dos", &["dos"]).await;
    a_post(site, "En ambas", &["uno", "dos"]).await;
    for n in 0..2 {
        a_post(site, &format!("En uno {n}"), &["uno"]).await;
    }
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
async fn is_exact(site: &Site, case: &str) {
    let titles = listed(site, "dos", 2).await;
    let expected = ["En ambas", "En dos", "En uno 0", "En uno 1"];
    assert_eq!(titles.len(), 4, "{case}: {titles:?}");
    assert_eq!(set(&titles), expected.into(), "{case}");
    let used = used(site).await;
    assert!(used == "dos=4" || used == "dos=5", "{case}: {used}");
}

#[tokio::test]
async fn killed_at_any_write_it_goes_on_and_readers_see_no_difference() {
    for fault in FAULTS {
        for nth in 1..=7 {
            let case = format!("{fault:?} at write {nth}");
            let site = site().await;
            two_tags(&site).await;
            let begun = merge(&site, "uno", "dos").await.unwrap();
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
                is_exact(&site, &case).await;
                runners += 1;
                assert!(runners < 50, "{case} never ends");
            }
            let Operation { done, failures, .. } = operation(&site, begun.id).await;
            assert_eq!(done, 3, "{case}: each post is counted once");
            assert!(failures.is_empty(), "{case}: {failures:?}");
            assert_eq!(used(&site).await, "dos=4", "{case}");
        }
    }
}

#[tokio::test]
async fn a_renaming_begins_once_or_not_at_all() {
    for fault in FAULTS {
        for back in [false, true] {
            let case = format!("{fault:?}, back: {back}");
            let site = site().await;
            a_post(&site, "Post", &["uno"]).await;
            let (from, to) = if back { ("dos", "uno") } else { ("uno", "dos") };
            if back {
                rename(&site, "uno", "dos").await.unwrap();
                run(&site).await;
            }
            fail(&site, 1, fault);
            let first = rename(&site, from, to).await;
            site.wire.clear();
            match &first {
                Ok(_) | Err(Error::Unavailable(_) | Error::Contended) => {}
                Err(error) => panic!("{case}: {error}"),
            }
            let again = rename(&site, from, to).await.unwrap();
            if let Ok(first) = first {
                assert_eq!(again.id, first.id, "{case}");
            }
            run(&site).await;
            assert_eq!(operation(&site, again.id).await.done, 1, "{case}");
            assert_eq!(used(&site).await, format!("{to}=1"), "{case}");
            assert_eq!(listed(&site, from, 5).await, ["Post"], "{case}");
        }
    }
}
