//! An issuer that does not answer.

use futures::future::select_all;

use super::{Begun, begin, problem, site};
use crate::site::Site;

/// Number of exchanges that wait for one issuer.
const MAX: usize = 16;

/// Whether an exchange with an issuer fails because too many wait.
async fn is_full(site: &Site, begun: &Begun) -> bool {
    let answer = begun.answer(site, "staff", "code=used").await;
    match problem(&answer).as_str() {
        "unreachable" => true,
        "refused" => false,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn sign_ins_that_wait_for_an_issuer_are_bounded_and_delay_nobody_else() {
    let site = site().await;
    let begun = begin(&site).await;
    let waiting = (0..MAX).map(|_| Box::pin(begun.answer(&site, "staff", "code=slow")));
    let others = async {
        let mut rounds = 0;
        while !is_full(&site, &begun).await {
            rounds += 1;
            assert!(rounds < 1000, "the exchanges do not count");
            tokio::task::yield_now().await;
        }
        let read = site.get("/v1/posts").await;
        assert_eq!(read.status, 200);
        let begun = site.get("/v1/auth/issuers/other/login").await;
        assert_eq!(begun.status, 303);
        assert!(begun.header("location").starts_with("https://other."));
    };
    tokio::select! {
        (ended, ..) = select_all(waiting) => panic!("a sign-in ended: {:?}", ended.headers),
        () = others => {}
    }
}
