//! Changes and resets of passwords.

use super::*;

fn new_password() -> Password {
    Password::chosen("staple of the old horse").unwrap()
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let (first, other) = (sign_in(accounts).await, sign_in(accounts).await);
    let caller = accounts.authenticate(proof(&first), request()).await;
    let caller = caller.unwrap();
    site.clock.forward(1);
    let wrong = accounts
        .change_password(&caller, &new_password(), &new_password())
        .await;
    assert_eq!(refused(wrong), Some(SignInFault::Credentials));
    let changed = accounts
        .change_password(&caller, &password(), &new_password())
        .await
        .unwrap();
    for ended in [first, other] {
        let call = accounts.authenticate(proof(&ended), request()).await;
        assert_eq!(refused(call), Some(SignInFault::Revoked));
        let token = ended.refresh_token.unwrap();
        assert!(refused(accounts.refresh(&request(), &token).await).is_some());
    }
    let call = accounts.authenticate(proof(&changed), request()).await;
    assert_eq!(call.unwrap().user_id, changed.user_id);
    let token = changed.refresh_token.unwrap();
    assert!(accounts.refresh(&request(), &token).await.is_ok());
    let old = accounts.sign_in(&request(), &ana(), &password()).await;
    assert_eq!(refused(old), Some(SignInFault::Credentials));
}

#[tokio::test]
async fn a_password_with_the_address_is_refused_before_hashing() {
    let site = site().await;
    let server = server(&site);
    let new = NewUser {
        email: "marina@example.org".parse().unwrap(),
        password: Password::chosen("horse of marina!").unwrap(),
        ..new_user()
    };
    let refused = server.accounts.create_user(&request(), new).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert_eq!(server.hasher.count(), 0);
}

#[tokio::test]
async fn an_outdated_hash_is_replaced_at_sign_in() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    server.hasher.outdated.store(true, Ordering::SeqCst);
    let before = server.hasher.count();
    sign_in(accounts).await;
    assert_eq!(server.hasher.count() - before, 2);
    server.hasher.outdated.store(false, Ordering::SeqCst);
    sign_in(accounts).await;
    assert_eq!(server.hasher.count() - before, 3);
}

#[tokio::test]
async fn a_reset_token_works_once_and_ends_sessions() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(accounts).await;
    site.clock.forward(1000);
    accounts
        .request_password_reset(&request(), &ana())
        .await
        .unwrap();
    let [token] = &server.mailbox.tokens()[..] else {
        panic!("one mail is sent");
    };
    let forged = ResetToken::new(token.id(), [77; 32]);
    let complete = async |token: &ResetToken| {
        let password = new_password();
        accounts
            .complete_password_reset(&request(), token, &password)
            .await
    };
    assert_eq!(
        refused(complete(&forged).await),
        Some(SignInFault::ResetToken)
    );
    complete(token).await.unwrap();
    assert_eq!(
        refused(complete(token).await),
        Some(SignInFault::ResetToken)
    );
    let call = accounts.authenticate(proof(&session), request()).await;
    assert_eq!(refused(call), Some(SignInFault::Revoked));
    accounts
        .sign_in(&request(), &ana(), &new_password())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_reset_token_expires_and_is_refused_as_a_refresh_token() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    accounts
        .request_password_reset(&request(), &ana())
        .await
        .unwrap();
    let token = server.mailbox.tokens().remove(0);
    let refresh = RefreshToken::parse(&token.expose()).unwrap();
    assert!(refused(accounts.refresh(&request(), &refresh).await).is_some());
    site.clock.forward(30 * 60_000);
    let late = accounts
        .complete_password_reset(&request(), &token, &new_password())
        .await;
    assert_eq!(refused(late), Some(SignInFault::ResetToken));
}

#[tokio::test]
async fn a_request_for_an_unknown_account_does_the_same_work() {
    let site = site().await;
    let server = server(&site);
    let accounts = &server.accounts;
    accounts.create_user(&request(), new_user()).await.unwrap();
    let mut seen = Vec::new();
    for email in [ana(), "bob@example.org".parse().unwrap()] {
        let operations = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&operations);
        site.wire.on(move |call| {
            noted.lock().unwrap().push(call.operation.to_owned());
            FaultAction::Pass
        });
        accounts
            .request_password_reset(&request(), &email)
            .await
            .unwrap();
        site.wire.clear();
        seen.push(operations.lock().unwrap().clone());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(server.mailbox.tokens().len(), 1);
}

#[tokio::test]
async fn requests_for_mail_are_slowed_down() {
    let site = site().await;
    let server = server(&site);
    let mut slowed = Vec::new();
    for _ in 0..5 {
        let asked = server
            .accounts
            .request_password_reset(&request(), &ana())
            .await;
        slowed.push(matches!(asked, Err(Error::TooManyAttempts(_))));
    }
    assert_eq!(slowed, [false, false, false, true, true]);
}

#[tokio::test]
async fn a_password_is_not_changed_without_a_factor_that_was_enrolled_on_another_server() {
    let site = site().await;
    let (here, elsewhere) = (accounts(&site), accounts(&site));
    here.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(&here).await;
    // This server caches the user without a factor.
    let caller = elsewhere.authenticate(proof(&session), request()).await;
    let caller = caller.unwrap();
    let enrolment = here.begin_enrolment(&caller, &password()).await.unwrap();
    let code = code_of(&enrolment.secret, site.clock.as_ref());
    here.confirm_enrolment(&caller, &code).await.unwrap();
    let (current, new) = (password(), new_password());
    let refused = elsewhere.change_password(&caller, &current, &new).await;
    assert!(matches!(refused, Err(Error::SignInTooOld(_))));
}
