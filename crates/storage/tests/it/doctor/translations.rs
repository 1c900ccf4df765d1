use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    posts::{Translation, WorkingCopy},
    values::{PostId, Revision},
};
use tintero_storage::{doctor::Rule, keys};

use super::{examined, item, lose, require_cured, spoil, write};
use crate::site::{Site, draft, editor, site};

async fn translated(site: &Site, of: PostId) -> WorkingCopy {
    let mut new = draft("One");
    new.locale = Some("en".parse().unwrap());
    new.translation = Some(Translation {
        of,
        source_revision: Revision(1),
    });
    site.posts.create(&editor(), new).await.unwrap().shown.copy
}

/// A post that has a translation.
async fn a_source(site: &Site) -> (PostId, PostId) {
    let source = site.a_post("Uno").await.post.standing.id;
    let translation = translated(site, source).await.post.standing.id;
    assert!(examined(site).await.is_empty(), "all is in order");
    (source, translation)
}

#[tokio::test]
async fn a_translation_that_lost_its_language_holds_it_again() {
    let site = site().await;
    let (source, _) = a_source(&site).await;
    let claim = keys::translation(source, &"en".parse().unwrap());
    lose(&site, "t-posts", claim.clone()).await;
    require_cured(&site, Rule::Translations, &[&claim]).await;
}

#[tokio::test]
async fn a_language_that_no_translation_is_in_is_given_back() {
    let site = site().await;
    let (source, _) = a_source(&site).await;
    let [claim, stray] = ["en", "fr"].map(|l| keys::translation(source, &l.parse().unwrap()));
    let mut other = item(&site, "t-posts", &claim).await;
    other.insert("sk".to_owned(), AttributeValue::S(stray.sk.clone()));
    write(&site, "t-posts", other).await;
    require_cured(&site, Rule::Strays, &[&stray]).await;
}

#[tokio::test]
async fn a_source_counts_its_translations_anew() {
    let site = site().await;
    let (source, _) = a_source(&site).await;
    let counter = keys::translation_count(source);
    let five = AttributeValue::N("5".to_owned());
    spoil(&site, "t-posts", &counter, "posts", five).await;
    require_cured(&site, Rule::Translations, &[&counter]).await;
    lose(&site, "t-posts", counter.clone()).await;
    require_cured(&site, Rule::Translations, &[&counter]).await;
}

#[tokio::test]
async fn a_counter_of_what_nobody_translates_any_more_is_in_order() {
    let site = site().await;
    let (_, id) = a_source(&site).await;
    let found = site.posts.get(&editor(), id).await.unwrap().copy;
    let patch = tintero_domain::posts::PostPatch {
        translation: Some(None),
        ..Default::default()
    };
    let tag = found.post.tag();
    site.posts.update(&editor(), id, tag, patch).await.unwrap();
    assert!(examined(&site).await.is_empty(), "it counts none");
}
