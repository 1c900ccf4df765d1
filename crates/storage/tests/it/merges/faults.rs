//! Injects each fault at each write of a merge, and continues with a new runner, as after a crash.

use tintero_domain::{Error, operations::Operation, values::IdOrSlug};
use tintero_embedded::faults::FaultAction;

use super::{Stage, TAXA, Taxon, found, operation, run, set, stage};
use crate::site::{Site, editor};

const FAULTS: [FaultAction; 4] = [
    FaultAction::CrashBefore,
    FaultAction::LoseResponse,
    FaultAction::Throttle,
    FaultAction::TransactionConflict,
];

async fn with_posts(taxon: Taxon) -> Stage {
    let stage = stage(taxon).await;
    stage.post("En dos", &["dos"]).await;
    stage.post("En ambas", &["uno", "dos"]).await;
    for n in 0..3 {
        stage.post(&format!("En uno {n}"), &["uno"]).await;
    }
    stage
}

/// Injects a fault at the `nth` write.
pub(super) fn fail(site: &Site, nth: u64, fault: FaultAction) {
    let mut writes = 0;
    site.wire.on(move |call| {
        if call.operation != "TransactWriteItems" {
            return FaultAction::Pass;
        }
        writes += 1;
        if writes == nth {
            fault
        } else {
            FaultAction::Pass
        }
    });
}

/// Checks the state that readers see, which must be valid at any time.
async fn check(stage: &Stage, case: &str) {
    let titles = stage.listed("dos", 2).await;
    let expected = ["En ambas", "En dos", "En uno 0", "En uno 1", "En uno 2"];
    assert_eq!(titles.len(), 5, "{case}: {titles:?}");
    assert_eq!(set(&titles), expected.into(), "{case}");
    let count = stage.count("dos").await;
    assert!(count == 5 || count == 6, "{case}: {count} posts");
}

#[tokio::test]
async fn a_merge_continues_after_a_crash_at_any_write() {
    for taxon in TAXA {
        for (fault, nth) in FAULTS
            .into_iter()
            .flat_map(|fault| (1..=8).map(move |n| (fault, n)))
        {
            let case = format!("{taxon:?}: {fault:?} at write {nth}");
            let stage = with_posts(taxon).await;
            let site = &stage.site;
            let begun = stage.merge("uno", "dos").await;
            let mut runners = 0;
            while !operation(site, begun.id).await.is_finished() {
                // The lease of the previous runner expires.
                site.clock.forward(11_000);
                let runner = site.runner();
                if runners < 2 {
                    fail(site, nth, fault);
                }
                let _ = runner.poll().await;
                site.wire.clear();
                check(&stage, &case).await;
                runners += 1;
                assert!(runners < 50, "{case} does not end");
            }
            let Operation { done, failures, .. } = operation(site, begun.id).await;
            assert_eq!(done, 4, "{case}: each post is counted once");
            assert!(failures.is_empty(), "{case}: {failures:?}");
            assert_eq!(stage.count("dos").await, 5, "{case}");
        }
    }
}

#[tokio::test]
async fn a_merge_starts_completely_or_not_at_all() {
    for taxon in TAXA {
        for fault in FAULTS {
            let stage = with_posts(taxon).await;
            fail(&stage.site, 1, fault);
            let first = stage.try_merge("uno", "dos").await;
            stage.site.wire.clear();
            match &first {
                Ok(_) | Err(Error::Unavailable(_) | Error::Contended) => {}
                Err(error) => panic!("{fault:?}: {error}"),
            }
            let again = stage.merge("uno", "dos").await;
            if let Ok(first) = first {
                assert_eq!(again.id, first.id, "{fault:?}");
            }
            run(&stage.site).await;
            assert_eq!(operation(&stage.site, again.id).await.done, 4, "{fault:?}");
            assert_eq!(stage.count("dos").await, 5, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_tag_is_renamed_back_completely_or_not_at_all() {
    for fault in FAULTS {
        let stage = stage(Taxon::Tag).await;
        stage.post("Post", &["uno"]).await;
        stage.merge("uno", "dos").await;
        run(&stage.site).await;
        fail(&stage.site, 1, fault);
        let first = stage.try_merge("dos", "uno").await;
        stage.site.wire.clear();
        let again = stage.merge("dos", "uno").await;
        match first {
            Ok(first) => assert_eq!(again.id, first.id, "{fault:?}"),
            Err(Error::Unavailable(_) | Error::Contended) => {}
            Err(error) => panic!("{fault:?}: {error}"),
        }
        run(&stage.site).await;
        assert_eq!(operation(&stage.site, again.id).await.done, 1, "{fault:?}");
        assert_eq!(stage.count("uno").await, 1, "{fault:?}");
        assert_eq!(stage.listed("dos", 5).await, ["Post"], "{fault:?}");
    }
}

#[tokio::test]
async fn a_category_is_deleted_completely_or_not_at_all() {
    for fault in FAULTS {
        let stage = stage(Taxon::Category).await;
        let (site, id) = (&stage.site, stage.category("uno"));
        let base = found(site, id).await.category.version;
        fail(site, 1, fault);
        let first = site.categories.remove(&editor(), id, base, None).await;
        site.wire.clear();
        let again = site.categories.remove(&editor(), id, base, None).await;
        match first {
            Ok(_) => assert!(matches!(again, Err(Error::Gone(_))), "{fault:?}"),
            Err(_) => assert!(matches!(again, Ok(_) | Err(Error::Gone(_))), "{fault:?}"),
        }
        let gone = site.categories.get(&IdOrSlug::Id(id)).await;
        assert!(matches!(gone, Err(Error::Gone(_))), "{fault:?}");
    }
}
