//! Snapshots of the attributes of items. A renamed field must fail here, because stored data would
//! become unreadable.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tintero_domain::{
    access::Role,
    accounts::{
        AccountStore, ApiKeyStore, FactorProof, Guess, GuessAdmission, GuessStore, GuessTarget,
        IssuedKey, IssuerProof, PasswordHash, PasswordProof, PasswordReset, ResetAccount,
        ResetStore, Session, SessionKind, SessionStore, User,
    },
    audit_action::AuditAction,
    posts::{ImportSource, Seo, Unsaved},
    values::{ApiKeyId, ClientNetwork, Timestamp, UserId, UserStatus, Version},
    writes::WriteContext,
};
use tintero_embedded::faults::FaultAction;
use uuid::Uuid;

use crate::{
    images::{images, png, upload},
    site::{DAWN, Site, cursors, draft, editor, once, site, slug_patch},
};

/// Compares items with a snapshot, with sorted attributes.
macro_rules! show {
    ($written:expr) => {
        insta::with_settings!({ sort_maps => true }, {
            insta::assert_json_snapshot!(*$written.lock().unwrap());
        });
    };
}

type Written = Arc<Mutex<BTreeMap<String, Value>>>;

/// Records the last written item of each type.
fn watch(site: &Site) -> Written {
    let written = Written::default();
    let kept = Arc::clone(&written);
    site.wire.on(move |call| {
        let single = call.body.get("Item").into_iter();
        let many = call.body["TransactItems"].as_array().into_iter().flatten();
        let items = single.chain(many.filter_map(|change| change["Put"].get("Item")));
        for item in items {
            let mut item = item.clone();
            // The output of zstd is not stable.
            if let Some(data) = item.get_mut("data") {
                *data = Value::from("(compressed)");
            }
            kept.lock()
                .unwrap()
                .insert(item["et"]["S"].as_str().unwrap().to_owned(), item);
        }
        FaultAction::Pass
    });
    written
}

#[tokio::test]
async fn items_of_a_post_have_these_attributes() {
    let site = site().await;
    let written = watch(&site);
    let mut new = draft("Hola, mundo");
    new.excerpt = Some("Un saludo".parse().unwrap());
    new.tags = vec!["AWS".parse().unwrap()];
    new.aliases = vec!["/2022/hola.html".parse().unwrap()];
    new.source = Some(ImportSource {
        import: "blog".into(),
        path: "_posts/hola.md".into(),
        sha256: "0".repeat(64),
    });
    new.manuscript.seo = Some(Seo {
        title: Some("Hola".into()),
        description: None,
    });
    let copy = site.create(new).await;
    let id = copy.post.state.id;
    let copy = site.publish(&copy).await.unwrap();
    let copy = site.update(&copy, slug_patch("adios")).await;
    let unsaved = Unsaved {
        body: Some("Hol".to_owned()),
        ..Unsaved::default()
    };
    site.posts
        .put_autosave(&editor(), id, copy.post.state.revision, unsaved)
        .await
        .unwrap();
    let caller = once(editor(), "key", "digest");
    site.by(&caller).publish(&copy, None).await.unwrap();
    show!(written);
}

#[tokio::test]
async fn the_row_of_a_revision_with_its_own_text_is_small() {
    let site = site().await;
    let written = watch(&site);
    let mut new = draft("Hola, mundo");
    new.note = "Primera versión".parse().ok();
    let copy = site.create(new).await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    site.posts
        .restore(&editor(), id, tag, tag.revision, None)
        .await
        .unwrap();
    let kept = written.lock().unwrap()["revision"].clone();
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!(kept); });
}

#[tokio::test]
async fn items_of_an_image_have_these_attributes() {
    let site = site().await;
    let written = watch(&site);
    let images = images(&site);
    for path in [Some("assets/Gato.png"), None] {
        upload(&images, &editor(), png(5), path).await.unwrap();
    }
    show!(written);
}

#[tokio::test]
async fn items_of_an_account_have_these_attributes() {
    let site = site().await;
    let written = watch(&site);
    let accounts = tintero_storage::DynamoAccountStore::new(site.dynamo.clone());
    let id = |n| Uuid::from_u128(n);
    let now = Timestamp::from_millis(DAWN);
    let context = WriteContext {
        id: id(1),
        actor: None,
        key: None,
        action: AuditAction::CreateUser,
        at: now,
        request_id: "test".into(),
        idempotency: None,
        step: None,
    };
    let hash = PasswordHash("$argon2id$".into());
    let user = User {
        id: UserId::new(id(2)),
        email: "ana@example.org".parse().unwrap(),
        display_name: "Ana".parse().unwrap(),
        language: None,
        bio: None,
        role: Role::Administrator,
        status: UserStatus::Active,
        created_at: now,
        updated_at: None,
        version: Version::FIRST,
        tokens_valid_from: now,
        second_factor_since: None,
    };
    assert!(
        accounts
            .insert_founder(&context, &user, &hash)
            .await
            .unwrap()
    );
    let context = WriteContext {
        id: id(3),
        action: AuditAction::SignIn,
        ..context
    };
    let session = Session {
        kind: SessionKind::Tokens,
        family: id(4),
        user_id: user.id,
        secret_digest: "digest".into(),
        family_digest: Some("shared".into()),
        created_at: now,
        used_at: now,
        expires_at: now,
        ends_at: now,
        address: Some([192, 0, 2, 7].into()),
        agent: Some("test".into()),
        issuer_proof: IssuerProof {
            role: Some(Role::Editor),
            two_factors_at: Some(now),
        },
    };
    let proof = PasswordProof {
        email: &user.email,
        verified: &hash,
        renewed: None,
        factor: FactorProof::NotEnrolled,
        issuer: session.issuer_proof,
    };
    let opened = accounts.open_session(&context, &session, &proof).await;
    assert!(opened.unwrap());
    let reset = PasswordReset {
        id: id(5),
        digest: "digest".into(),
        account: Some(ResetAccount {
            user_id: user.id,
            email: user.email.clone(),
        }),
        expires_at: now,
    };
    let context = WriteContext {
        id: id(6),
        action: AuditAction::RequestPasswordReset,
        ..context
    };
    accounts.insert_reset(&context, &reset).await.unwrap();
    let network = ClientNetwork::of(Some([192, 0, 2, 7].into()));
    let guess = Guess::new(GuessTarget::SignIn, &user.email, network);
    let guesses = tintero_storage::DynamoGuessStore::new(site.dynamo.clone());
    let GuessAdmission::Admitted(earlier) = guesses.admit(&guess, now).await.unwrap() else {
        panic!("the first attempt is admitted");
    };
    guesses.count_failure(&guess, &earlier, now).await.unwrap();
    show!(written);
}

#[tokio::test]
async fn items_of_an_api_key_have_these_attributes() {
    let site = site().await;
    let written = watch(&site);
    let id = |n| Uuid::from_u128(n);
    let now = Timestamp::from_millis(DAWN);
    let key = IssuedKey {
        id: ApiKeyId::new(id(1)),
        name: "robot".parse().unwrap(),
        user_id: UserId::new(id(2)),
        digest: "digest".into(),
        scopes: "posts:read,posts:create".parse().unwrap(),
        created_at: now,
        valid_until: Some(now),
        revoked_at: Some(now),
        last_used_at: Some(now),
    };
    let context = WriteContext {
        id: id(3),
        actor: None,
        key: Some(key.id),
        action: AuditAction::IssueKey,
        at: now,
        request_id: "test".into(),
        idempotency: None,
        step: None,
    };
    let keys = tintero_storage::DynamoApiKeyStore::new(site.dynamo.clone(), cursors());
    keys.insert_key(&context, &key).await.unwrap();
    show!(written);
}
