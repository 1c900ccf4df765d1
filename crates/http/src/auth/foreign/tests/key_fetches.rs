//! When keys are fetched.

use super::*;

/// A fetch of the keys needs two documents.
const FETCH: usize = 2;

#[tokio::test]
async fn keys_are_fetched_once_for_many_tokens() {
    let fixture = Fixture::new(policy());
    let token = signed(&claims());
    let all = (0..50).map(|_| fixture.verify(&token));
    let all = futures::future::join_all(all).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(fixture.fetches(), FETCH);
    fixture.forward(Duration::from_mins(59));
    fixture
        .verify(&signed(&with("exp", json!(NOW * 2))))
        .await
        .unwrap();
    assert_eq!(fixture.fetches(), FETCH);
}

#[tokio::test]
async fn unknown_keys_cause_one_fetch_per_interval() {
    let fixture = Fixture::new(policy());
    fixture.verify(&signed(&claims())).await.unwrap();
    let unknown = |n: usize| encode(&header(&format!("k{n}")), &claims(), &NEW.signing).unwrap();
    for n in 0..20 {
        assert_eq!(fixture.rejection(&unknown(n)).await, TokenFault::Key);
    }
    assert_eq!(fixture.fetches(), FETCH);
    fixture.forward(IssuerKeys::INTERVAL);
    let all = (0..20).map(unknown).collect::<Vec<_>>();
    let all = all.iter().map(|token| fixture.rejection(token));
    futures::future::join_all(all).await;
    assert_eq!(fixture.fetches(), 2 * FETCH);
}

#[tokio::test]
async fn a_new_key_is_found_after_the_interval() {
    let fixture = Fixture::new(policy());
    fixture.verify(&signed(&claims())).await.unwrap();
    fixture.set_keys(Some(key_set(&[("old", &OLD), ("new", &NEW)])));
    let by_new = encode(&header("new"), &claims(), &NEW.signing).unwrap();
    assert_eq!(fixture.rejection(&by_new).await, TokenFault::Key);
    fixture.forward(IssuerKeys::INTERVAL);
    assert!(fixture.verify(&by_new).await.is_ok());
    assert!(fixture.verify(&signed(&claims())).await.is_ok());
}

#[tokio::test]
async fn known_keys_serve_while_the_issuer_is_down() {
    let fixture = Fixture::new(policy());
    let lasting = signed(&with("exp", json!(NOW * 2)));
    fixture.verify(&lasting).await.unwrap();
    fixture.set_keys(None);
    fixture.forward(IssuerKeys::STALE);
    for _ in 0..10 {
        fixture.verify(&lasting).await.unwrap();
        tokio::task::yield_now().await;
    }
    // One attempt, which failed at its first document.
    assert_eq!(fixture.fetches(), FETCH + 1);
    fixture.forward(IssuerKeys::EXPIRED);
    let fault = fixture.verify(&lasting).await.unwrap_err();
    assert!(matches!(fault, ForeignFault::Unreachable));
}

#[tokio::test]
async fn an_issuer_that_is_down_is_asked_again_after_a_pause() {
    let fixture = Fixture::new(policy());
    fixture.set_keys(None);
    for _ in 0..10 {
        let fault = fixture.verify(&signed(&claims())).await.unwrap_err();
        assert!(matches!(fault, ForeignFault::Unreachable));
    }
    assert_eq!(fixture.fetches(), 1);
    fixture.set_keys(Some(key_set(&[("old", &OLD)])));
    fixture.forward(IssuerKeys::RETRY);
    assert!(fixture.verify(&signed(&claims())).await.is_ok());
}

#[tokio::test]
async fn a_discovery_document_of_another_issuer_is_not_used() {
    let fixture = Fixture::new(policy());
    *fixture.issuer.named.lock().unwrap() = "https://id.example.org/other";
    let fault = fixture.verify(&signed(&claims())).await.unwrap_err();
    assert!(matches!(fault, ForeignFault::Unreachable));
    assert_eq!(fixture.fetches(), 1);
}
