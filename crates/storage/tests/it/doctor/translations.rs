use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    posts::{Translation, WorkingCopy},
    values::{PostId, Revision},
};
use tintero_storage::{doctor::DoctorRule, keys};

use super::{assert_repairable, delete_item, examine, get_item, put_item, set_attribute};
use crate::site::{Site, draft, editor, site};

async fn translated(site: &Site, of: PostId) -> WorkingCopy {
    let mut new = draft("One");
    new.locale = Some("en".parse().unwrap());
    new.translation = Some(Translation {
        of,
        source_revision: Revision(1),
    });
    let copy = site.create(new).await;
    site.publish(&copy).await.unwrap()
}

/// A post and its translation.
async fn a_source(site: &Site) -> (PostId, PostId) {
    let source = site.a_post("Uno").await.post.state.id;
    let translation = translated(site, source).await.post.state.id;
    assert!(examine(site).await.is_empty());
    (source, translation)
}

#[tokio::test]
async fn a_missing_claim_on_a_language_is_rewritten() {
    let site = site().await;
    let (source, _) = a_source(&site).await;
    let claim = keys::translation(source, &"en".parse().unwrap());
    delete_item(&site, "t-posts", claim.clone()).await;
    assert_repairable(&site, DoctorRule::Translations, &[&claim]).await;
}

#[tokio::test]
async fn a_missing_item_of_a_draft_translation_is_rewritten() {
    let site = site().await;
    let (source, _) = a_source(&site).await;
    let mut new = draft("Un");
    new.locale = Some("fr".parse().unwrap());
    new.translation = Some(Translation {
        of: source,
        source_revision: Revision(1),
    });
    let copy = site.create(new).await;
    let item = keys::draft_translation(source, copy.post.state.id);
    delete_item(&site, "t-posts", item.clone()).await;
    assert_repairable(&site, DoctorRule::Translations, &[&item]).await;
}

#[tokio::test]
async fn a_claim_without_a_translation_is_deleted() {
    let site = site().await;
    let (source, _) = a_source(&site).await;
    let [claim, stray] = ["en", "fr"].map(|l| keys::translation(source, &l.parse().unwrap()));
    let mut other = get_item(&site, "t-posts", &claim).await;
    other.insert("sk".to_owned(), AttributeValue::S(stray.sk.clone()));
    put_item(&site, "t-posts", other).await;
    assert_repairable(&site, DoctorRule::Strays, &[&stray]).await;
}

#[tokio::test]
async fn a_wrong_or_missing_counter_of_translations_is_corrected() {
    let site = site().await;
    let (source, _) = a_source(&site).await;
    let counter = keys::translation_count(source);
    let five = AttributeValue::N("5".to_owned());
    set_attribute(&site, "t-posts", &counter, "posts", five).await;
    assert_repairable(&site, DoctorRule::Translations, &[&counter]).await;
    delete_item(&site, "t-posts", counter.clone()).await;
    assert_repairable(&site, DoctorRule::Translations, &[&counter]).await;
}

#[tokio::test]
async fn a_counter_without_translations_is_no_finding() {
    let site = site().await;
    let (_, id) = a_source(&site).await;
    let found = site.posts.get(&editor(), id).await.unwrap().copy;
    let patch = tintero_domain::posts::PostPatch {
        translation: Some(None),
        ..Default::default()
    };
    let tag = found.post.tag();
    site.posts.update(&editor(), id, tag, patch).await.unwrap();
    assert!(examine(&site).await.is_empty());
}
