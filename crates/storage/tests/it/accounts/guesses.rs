//! Guesses of passwords.

use tintero_domain::{
    Error,
    accounts::{
        HashClass::{First, Guesser, Known},
        SignInStep,
    },
};

use super::*;

/// The number of sign-ins with each outcome.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcomes {
    wrong: usize,
    slowed: usize,
}

async fn guess(
    server: &TestServer,
    request: &RequestContext,
    email: &Email,
) -> Result<SignInStep<SignedIn>> {
    let wrong = Password::presented("wrong horse battery");
    server.accounts.sign_in(request, email, &wrong).await
}

async fn guesses(
    server: &TestServer,
    count: usize,
    email: &Email,
    request: impl Fn(usize) -> RequestContext,
) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for nth in 0..count {
        match guess(server, &request(nth), email).await {
            Err(Error::Unauthenticated(SignInFault::Credentials)) => outcomes.wrong += 1,
            Err(Error::TooManyAttempts(_)) => outcomes.slowed += 1,
            other => panic!("{other:?}"),
        }
    }
    outcomes
}

#[tokio::test]
async fn ten_thousand_wrong_passwords_cost_five_hashes_and_do_not_lock_the_owner_out() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let before = server.hasher.count();
    let outcomes = guesses(&server, 10_000, &ana(), |_| from([192, 0, 2, 7])).await;
    let expected = Outcomes {
        wrong: 5,
        slowed: 9_995,
    };
    assert_eq!(outcomes, expected);
    assert_eq!(server.hasher.count() - before, 5);
    let owner = from([198, 51, 100, 1]);
    accounts.sign_in(&owner, &ana(), &password()).await.unwrap();
    // The right password from the network of the guesser is slowed down as well.
    let guesser = from([192, 0, 2, 7]);
    let slowed = accounts.sign_in(&guesser, &ana(), &password()).await;
    assert!(matches!(slowed, Err(Error::TooManyAttempts(_))));
    site.clock.forward(1000);
    accounts
        .sign_in(&guesser, &ana(), &password())
        .await
        .unwrap();
}

#[tokio::test]
async fn known_and_unknown_accounts_cannot_be_told_apart() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let unknown: Email = "bob@example.org".parse().unwrap();
    let mut seen = Vec::new();
    for (email, last) in [(ana(), 1), (unknown, 2)] {
        let operations = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&operations);
        site.wire.on(move |call| {
            noted.lock().unwrap().push(call.operation.to_owned());
            FaultAction::Pass
        });
        let before = server.hasher.count();
        let mut errors = Vec::new();
        for _ in 0..8 {
            let failed = guess(&server, &from([192, 0, 2, last]), &email).await;
            errors.push(failed.unwrap_err().to_string());
        }
        site.wire.clear();
        let operations = operations.lock().unwrap().clone();
        seen.push((errors, operations, server.hasher.count() - before));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn parallel_guesses_from_one_network_are_counted_before_hashing() {
    let site = site().await;
    let server = Arc::new(server(&site));
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let before = server.hasher.count();
    let guess = |nth: u16| {
        let server = Arc::clone(&server);
        async move {
            let address = std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, nth);
            guess(&server, &from(address), &ana()).await.map(drop)
        }
    };
    let tasks: Vec<_> = (0..200).map(|nth| tokio::spawn(guess(nth))).collect();
    for task in tasks {
        assert!(task.await.unwrap().is_err());
    }
    assert!(server.hasher.count() - before <= 5);
}

#[tokio::test]
async fn a_network_that_fails_at_many_accounts_is_slowed_down() {
    let site = site().await;
    let server = server(&site);
    let mut outcomes = Vec::new();
    for nth in 0..35 {
        let email: Email = format!("user{nth}@example.org").parse().unwrap();
        let outcome = guess(&server, &from([192, 0, 2, 7]), &email).await;
        outcomes.push(matches!(outcome, Err(Error::TooManyAttempts(_))));
    }
    assert_eq!(outcomes, [vec![false; 30], vec![true; 5]].concat());
}

#[tokio::test]
async fn many_networks_at_one_account_have_one_attempt_each_and_the_owner_too() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let network = |nth: usize| from([10, 0, u8::try_from(nth / 5).unwrap(), 1]);
    let outcomes = guesses(&server, 100, &ana(), network).await;
    assert_eq!(outcomes.wrong, 100);
    // From now on, one attempt in a minute is free.
    let network = |nth: usize| from([10, 1, u8::try_from(nth / 5).unwrap(), 1]);
    let outcomes = guesses(&server, 100, &ana(), network).await;
    assert_eq!(outcomes.wrong, 20);
    let owner = from([198, 51, 100, 1]);
    accounts.sign_in(&owner, &ana(), &password()).await.unwrap();
    accounts.sign_in(&owner, &ana(), &password()).await.unwrap();
}

#[tokio::test]
async fn a_success_clears_the_count_and_a_day_without_attempts_too() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let network = |_| from([192, 0, 2, 7]);
    assert_eq!(guesses(&server, 4, &ana(), network).await.wrong, 4);
    let request = from([192, 0, 2, 7]);
    accounts
        .sign_in(&request, &ana(), &password())
        .await
        .unwrap();
    assert_eq!(guesses(&server, 10, &ana(), network).await.wrong, 5);
    site.clock.forward(24 * 3_600_000 + 2000);
    assert_eq!(guesses(&server, 10, &ana(), network).await.wrong, 5);
}

#[tokio::test]
async fn a_sign_in_makes_its_network_known_for_the_account_for_ninety_days() {
    const DAY: i64 = 24 * 3_600_000;
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let (home, elsewhere) = (from([192, 0, 2, 7]), from([198, 51, 100, 1]));
    let other: Email = "bob@example.org".parse().unwrap();
    let sign_in = async || accounts.sign_in(&home, &ana(), &password()).await.unwrap();
    sign_in().await;
    sign_in().await;
    assert_eq!(server.hasher.take_classes(), [First, Known]);
    // The network is not known for other accounts, and the account not in other networks.
    guess(&server, &elsewhere, &ana()).await.unwrap_err();
    guess(&server, &home, &other).await.unwrap_err();
    assert_eq!(server.hasher.take_classes(), [First, First]);
    site.clock.forward(88 * DAY);
    guess(&server, &home, &ana()).await.unwrap_err();
    site.clock.forward(3 * DAY);
    guess(&server, &home, &ana()).await.unwrap_err();
    assert_eq!(server.hasher.take_classes(), [Known, First]);
}

#[tokio::test]
async fn a_guesser_in_a_known_network_comes_last_like_others() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let home = from([192, 0, 2, 7]);
    accounts.sign_in(&home, &ana(), &password()).await.unwrap();
    for _ in 0..12 {
        guess(&server, &home, &ana()).await.unwrap_err();
        site.clock.forward(15 * 60_000);
    }
    let classes = server.hasher.take_classes();
    assert_eq!(classes[0], First);
    assert_eq!(classes[1..11], [Known; 10]);
    assert_eq!(classes[11..], [Guesser; 2]);
}

#[tokio::test]
async fn a_guesser_who_does_not_wait_costs_no_request() {
    let site = site().await;
    let server = server(&site);
    let home = from([192, 0, 2, 7]);
    let outcomes = guesses(&server, 6, &ana(), |_| home.clone()).await;
    assert_eq!((outcomes.wrong, outcomes.slowed), (5, 1));
    let requests = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&requests);
    site.wire.on(move |_| {
        *counted.lock().unwrap() += 1;
        FaultAction::Pass
    });
    let again = guesses(&server, 100, &ana(), |_| home.clone()).await;
    assert_eq!((again.slowed, *requests.lock().unwrap()), (100, 0));
    // After the wait, the store decides again.
    site.clock.forward(1000);
    assert_eq!(guesses(&server, 1, &ana(), |_| home.clone()).await.wrong, 1);
    assert!(*requests.lock().unwrap() > 0);
}
