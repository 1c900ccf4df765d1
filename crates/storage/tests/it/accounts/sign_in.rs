//! Founders, sign-in, and what ends a session.

use super::*;

#[tokio::test]
async fn a_second_founder_and_a_used_address_are_rejected() {
    let site = site().await;
    let accounts = accounts(&site);
    for is_first in [true, false] {
        let founder = accounts
            .create_first_admin(&request(), new_user)
            .await
            .unwrap();
        assert_eq!(founder.is_some(), is_first);
    }
    let other = NewUser {
        email: "ANA@example.org ".parse().unwrap(),
        ..new_user()
    };
    assert!(matches!(
        accounts.create_user(&request(), other).await,
        Err(Error::Taken { .. })
    ));
}

#[tokio::test]
async fn a_used_refresh_token_ends_the_session() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let first = sign_in(&accounts).await;
    let request = request();
    let second = accounts
        .refresh(&request, first.refresh_token.as_ref().unwrap())
        .await;
    let second = second.unwrap();
    let third = accounts
        .refresh(&request, second.refresh_token.as_ref().unwrap())
        .await;
    let third = third.unwrap();
    assert_eq!(third.user_id, first.user_id);
    // A used token may be stolen, so it ends the session.
    for session in [first, third] {
        let fault = refused(
            accounts
                .refresh(&request, session.refresh_token.as_ref().unwrap())
                .await,
        );
        assert_eq!(fault, Some(SignInFault::RefreshToken));
    }
}

#[tokio::test]
async fn one_of_two_concurrent_refreshes_fails() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(&accounts).await;
    let request = request();
    let (one, two) = tokio::join!(
        accounts.refresh(&request, session.refresh_token.as_ref().unwrap()),
        accounts.refresh(&request, session.refresh_token.as_ref().unwrap()),
    );
    assert_ne!(one.is_ok(), two.is_ok());
}

#[tokio::test]
async fn expiry_sign_out_and_a_new_password_end_sessions() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(&accounts).await;
    let token = session.refresh_token.as_ref().unwrap();
    for _ in 0..2 {
        accounts.sign_out(&request(), token).await.unwrap();
    }
    assert!(refused(accounts.refresh(&request(), token).await).is_some());

    let session = sign_in(&accounts).await;
    site.clock
        .forward(i64::try_from(SessionLifetime::default().idle.as_millis()).unwrap());
    assert!(
        refused(
            accounts
                .refresh(&request(), session.refresh_token.as_ref().unwrap())
                .await
        )
        .is_some()
    );

    let session = sign_in(&accounts).await;
    let proof = proof(&session);
    assert!(accounts.authenticate(proof, request()).await.is_ok());
    site.clock.forward(1000);
    accounts
        .reset_password(&request(), &ana(), &Password::presented("another password"))
        .await
        .unwrap();
    assert_eq!(
        refused(accounts.authenticate(proof, request()).await),
        Some(SignInFault::Revoked)
    );
    assert!(
        refused(
            accounts
                .refresh(&request(), session.refresh_token.as_ref().unwrap())
                .await
        )
        .is_some()
    );
    assert_eq!(
        refused(accounts.sign_in(&request(), &ana(), &password()).await),
        Some(SignInFault::Credentials)
    );
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_return_the_same_error() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let wrong = Password::presented("wrong");
    let unknown: Email = "bob@example.org".parse().unwrap();
    for email in [&ana(), &unknown] {
        let fault = refused(accounts.sign_in(&request(), email, &wrong).await);
        assert_eq!(fault, Some(SignInFault::Credentials));
    }
    let reset = accounts
        .reset_password(&request(), &unknown, &password())
        .await;
    assert!(matches!(reset, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_password_reset_during_sign_in_leaves_no_valid_session() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let (other, clock) = (accounts.clone(), site.clock.clone());
    let handle = tokio::runtime::Handle::current();
    // The reset runs between the verification of the password and the start of the session.
    let mut reset = Some(move || {
        let password = Password::presented("another password");
        // A session of the same millisecond counts as later.
        clock.forward(1);
        handle.spawn(async move { other.reset_password(&request(), &ana(), &password).await })
    });
    let done = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&done);
    site.wire.on(move |call| {
        if call.operation == "TransactWriteItems"
            && let Some(reset) = reset.take()
        {
            *kept.lock().unwrap() = Some(reset());
            return FaultAction::TransactionConflict;
        }
        FaultAction::Pass
    });
    let outcome = accounts.sign_in(&request(), &ana(), &password()).await;
    site.wire.clear();
    let reset = done.lock().unwrap().take().unwrap();
    reset.await.unwrap().unwrap();
    // Either the reset ended the session, or the sign-in failed.
    if let Ok(step) = outcome {
        let session = step.done().unwrap();
        assert!(
            refused(
                accounts
                    .refresh(&request(), session.refresh_token.as_ref().unwrap())
                    .await
            )
            .is_some()
        );
    }
}

#[tokio::test]
async fn a_server_with_a_cached_user_rejects_sessions_from_before_a_reset() {
    let site = site().await;
    let (here, elsewhere) = (accounts(&site), accounts(&site));
    here.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(&here).await;
    let proof = proof(&session);
    // This server caches the user before another server resets the password.
    here.authenticate(proof, request()).await.unwrap();
    site.clock.forward(1000);
    let another = Password::presented("another password");
    elsewhere
        .reset_password(&request(), &ana(), &another)
        .await
        .unwrap();
    assert_eq!(
        refused(
            here.refresh(&request(), session.refresh_token.as_ref().unwrap())
                .await
        ),
        Some(SignInFault::RefreshToken)
    );
}
