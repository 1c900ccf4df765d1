//! Lists and ends of sessions.

use tintero_domain::{access::Caller, accounts::Session};

use super::*;

async fn caller(accounts: &Accounts, session: &SignedIn) -> Result<Caller> {
    accounts.authenticate(proof(session), request()).await
}

async fn listed(accounts: &Accounts, caller: &Caller) -> Vec<Session> {
    accounts.sessions(caller).await.unwrap()
}

#[tokio::test]
async fn sessions_are_listed_with_client_and_last_use() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let first = accounts
        .sign_in(&from([192, 0, 2, 7]), &ana(), &password())
        .await
        .unwrap()
        .done()
        .unwrap();
    site.clock.forward(1000);
    let second = sign_in(&accounts).await;
    site.clock.forward(1000);
    let token = first.refresh_token.as_ref().unwrap();
    let refreshed = accounts.refresh(&from([192, 0, 2, 9]), token).await;
    let refreshed = refreshed.unwrap();
    assert_eq!(refreshed.session(), first.session());
    let caller = caller(&accounts, &second).await.unwrap();
    let sessions = listed(&accounts, &caller).await;
    let ids: Vec<_> = sessions.iter().map(|it| Some(it.family)).collect();
    assert_eq!(ids, [second.session(), first.session()]);
    let address = sessions[1].address.unwrap().to_string();
    assert_eq!(
        (address.as_str(), sessions[1].agent.as_deref()),
        ("192.0.2.9", Some("test"))
    );
    assert_eq!(
        sessions[1].used_at.since(sessions[1].created_at).as_secs(),
        2
    );
    assert_eq!(
        (sessions[0].address, sessions[0].agent.as_deref()),
        (None, None)
    );
}

#[tokio::test]
async fn an_ended_session_is_rejected_at_once_here_and_in_seconds_elsewhere() {
    let site = site().await;
    let (here, elsewhere) = (accounts(&site), accounts(&site));
    here.create_user(&request(), new_user()).await.unwrap();
    let (kept, ended) = (sign_in(&here).await, sign_in(&here).await);
    let owner = caller(&here, &kept).await.unwrap();
    for server in [&here, &elsewhere] {
        caller(server, &ended).await.unwrap();
    }
    let id = ended.session().unwrap();
    here.end_session(&owner, id).await.unwrap();
    assert_eq!(
        refused(caller(&here, &ended).await),
        Some(SignInFault::Revoked)
    );
    // Another server has the session in its cache, whose entries expire; a server without it asks the store.
    let third = accounts(&site);
    assert_eq!(
        refused(caller(&third, &ended).await),
        Some(SignInFault::Revoked)
    );
    assert!(matches!(
        here.end_session(&owner, id).await,
        Err(Error::NotFound(_))
    ));
    let token = ended.refresh_token.unwrap();
    assert!(refused(here.refresh(&request(), &token).await).is_some());
    assert_eq!(listed(&here, &owner).await.len(), 1);
}

#[tokio::test]
async fn a_user_cannot_end_the_session_of_another() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let other = NewUser {
        email: "bob@example.org".parse().unwrap(),
        ..new_user()
    };
    accounts.create_user(&request(), other).await.unwrap();
    let bob = accounts
        .sign_in(&request(), &"bob@example.org".parse().unwrap(), &password())
        .await
        .unwrap()
        .done()
        .unwrap();
    let ana = sign_in(&accounts).await;
    let bob = caller(&accounts, &bob).await.unwrap();
    let refused = accounts.end_session(&bob, ana.session().unwrap()).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
    assert!(caller(&accounts, &ana).await.is_ok());
    assert_eq!(listed(&accounts, &bob).await.len(), 1);
}

#[tokio::test]
async fn all_sessions_end_together() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let sessions = [sign_in(&accounts).await, sign_in(&accounts).await];
    let owner = caller(&accounts, &sessions[0]).await.unwrap();
    accounts.end_all_sessions(&owner).await.unwrap();
    for session in &sessions {
        assert_eq!(
            refused(caller(&accounts, session).await),
            Some(SignInFault::Revoked)
        );
        let token = session.refresh_token.as_ref().unwrap();
        assert!(refused(accounts.refresh(&request(), token).await).is_some());
    }
    let again = sign_in(&accounts).await;
    assert!(caller(&accounts, &again).await.is_ok());
}

#[tokio::test]
async fn sessions_end_when_idle_and_at_the_latest_after_their_lifetime() {
    let site = site().await;
    let hours = |n| std::time::Duration::from_hours(n);
    let accounts = accounts(&site).with_lifetime(SessionLifetime {
        idle: hours(2),
        longest: hours(5),
    });
    accounts.create_user(&request(), new_user()).await.unwrap();
    let mut session = sign_in(&accounts).await;
    for _ in 0..4 {
        site.clock.forward(70 * 60_000);
        let token = session.refresh_token.as_ref().unwrap();
        session = accounts.refresh(&request(), token).await.unwrap();
    }
    // Four hours and forty minutes after the sign-in.
    site.clock.forward(20 * 60_000);
    let token = session.refresh_token.as_ref().unwrap();
    assert!(refused(accounts.refresh(&request(), token).await).is_some());
    assert!(refused(caller(&accounts, &session).await).is_some());

    let idle = sign_in(&accounts).await;
    site.clock.forward(2 * 3_600_000);
    let token = idle.refresh_token.as_ref().unwrap();
    assert!(refused(accounts.refresh(&request(), token).await).is_some());
}

#[tokio::test]
async fn a_forged_refresh_token_does_not_end_the_session() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(&accounts).await;
    let token = session.refresh_token.as_ref().unwrap();
    let forged = RefreshToken::new(token.id(), [200; 32]);
    assert!(refused(accounts.refresh(&request(), &forged).await).is_some());
    assert!(accounts.refresh(&request(), token).await.is_ok());
}
