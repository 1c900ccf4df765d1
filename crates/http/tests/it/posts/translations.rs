//! Translations.

use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::{path, transition};
use crate::{
    call::{Answer, Call},
    site::{Site, site_as},
};

async fn post(site: &Site, token: &str, locale: &str, translation: Value) -> Answer {
    let title = format!("Hola {locale}");
    let body = json!({"title": title, "body": "", "locale": locale, "translation": translation});
    site.post_as(token, "/v1/posts", &body).await
}

async fn change(site: &Site, token: &str, post: &Answer, patch: Value) -> Answer {
    let call = Call::patch(&path(post)).signed(token).based_on(post.etag());
    call.json(&patch).to(site).await
}

/// Returns the `translation` of a source at this revision.
fn of(source: &Answer, revision: u64) -> Value {
    json!({"of": source.body["id"], "source_revision": revision})
}

async fn group(site: &Site, token: &str, post: &Answer) -> Vec<(String, String)> {
    let call = Call::get(&format!("{}/translations", path(post))).signed(token);
    let answer = call.to(site).await;
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = answer.body["items"].as_array().unwrap().iter();
    rows.map(|row| (text(row, "locale"), text(row, "freshness")))
        .collect()
}

fn rows(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(locale, freshness): &(&str, &str)| ((*locale).to_owned(), (*freshness).to_owned());
    expected.iter().map(own).collect()
}

#[tokio::test]
async fn a_translation_is_outdated_after_its_source_changes() {
    let (site, token) = site_as(Role::Editor).await;
    let source = post(&site, &token, "es", json!(null)).await;
    let english = post(&site, &token, "en", of(&source, 1)).await;
    post(&site, &token, "pt", of(&source, 1)).await;
    let current = rows(&[("es", "source"), ("en", "current"), ("pt", "current")]);
    assert_eq!(group(&site, &token, &source).await, current);
    assert_eq!(group(&site, &token, &english).await, current);
    let changed = change(&site, &token, &source, json!({"body": "Más.\n"})).await;
    let renders = json!({"body": "More.\n", "translation": {"source_revision": 2}});
    let english = change(&site, &token, &english, renders).await;
    assert_eq!(english.body["translation"], of(&source, 2));
    let rows = rows(&[("es", "source"), ("en", "current"), ("pt", "outdated")]);
    assert_eq!(group(&site, &token, &changed).await, rows);
}

#[tokio::test]
async fn translations_are_unique_per_language_and_not_nested() {
    let (site, token) = site_as(Role::Editor).await;
    let source = post(&site, &token, "es", json!(null)).await;
    let english = post(&site, &token, "en", of(&source, 1)).await;
    let english = transition(&site, &token, &english, "publish").await;
    let body = json!({"title": "Other", "body": "", "locale": "en", "translation": of(&source, 1)});
    let second = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(second.refusal(), (409, "translation_taken"));
    assert_eq!(second.body["holder"], english.body["id"]);
    let nobody = json!({"of": "01912d68-783e-7a03-8467-5661c1243ad4", "source_revision": 1});
    for (locale, translation) in [
        ("fr", of(&english, 1)),
        ("fr", of(&source, 2)),
        ("fr", nobody),
    ] {
        let refused = post(&site, &token, locale, translation).await;
        assert_eq!(refused.refusal(), (422, "invalid"), "{}", refused.body);
        assert_eq!(refused.errors(), [("/translation/of", "unknown_reference")]);
    }
    let body = json!({"title": "Igual", "body": "", "locale": "es", "translation": of(&source, 1)});
    let same = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(same.errors(), [("/translation/of", "unknown_reference")]);
    let other = post(&site, &token, "de", json!(null)).await;
    let below = change(
        &site,
        &token,
        &source,
        json!({"translation": of(&other, 1)}),
    )
    .await;
    assert_eq!(below.errors(), [("/translation/of", "unknown_reference")]);
    let itself = change(&site, &token, &other, json!({"translation": of(&other, 1)})).await;
    assert_eq!(itself.errors(), [("/translation/of", "out_of_range")]);
    let half = json!({"translation": {"of": source.body["id"]}});
    let half = change(&site, &token, &other, half).await;
    assert_eq!(
        half.errors(),
        [("/translation/source_revision", "required")]
    );
}

#[tokio::test]
async fn a_language_change_cannot_duplicate_a_translation() {
    let (site, token) = site_as(Role::Editor).await;
    let source = post(&site, &token, "es", json!(null)).await;
    let english = post(&site, &token, "en", of(&source, 1)).await;
    let english = transition(&site, &token, &english, "publish").await;
    let into = change(
        &site,
        &token,
        &source,
        json!({"locale": "en", "slug": "otro"}),
    )
    .await;
    assert_eq!(into.refusal(), (409, "translation_taken"));
    let onto = change(
        &site,
        &token,
        &english,
        json!({"locale": "es", "slug": "otro"}),
    )
    .await;
    assert_eq!(onto.errors(), [("/translation/of", "unknown_reference")]);
    let moved = change(&site, &token, &english, json!({"locale": "fr"})).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let english = post(&site, &token, "en", of(&source, 1)).await;
    assert_eq!(english.status, 201, "the language is free again");
    let left = change(&site, &token, &moved, json!({"translation": null})).await;
    assert_eq!(group(&site, &token, &left).await, rows(&[("fr", "source")]));
    change(&site, &token, &english, json!({"translation": null})).await;
    let other = post(&site, &token, "de", json!(null)).await;
    let below = change(
        &site,
        &token,
        &source,
        json!({"translation": of(&other, 1)}),
    )
    .await;
    assert_eq!(
        below.status, 200,
        "it has no translations any more: {}",
        below.body
    );
}

#[tokio::test]
async fn public_translations_are_listed() {
    let (site, token) = site_as(Role::Editor).await;
    let source = post(&site, &token, "es", json!(null)).await;
    let source = transition(&site, &token, &source, "publish").await;
    let english = post(&site, &token, "en", of(&source, 1)).await;
    post(&site, &token, "pt", of(&source, 1)).await;
    let siblings = async |address: &str| {
        let path = format!("/v1/posts/by-slug/{address}");
        site.get(&path).await
    };
    let none = siblings("hola-es/translations?locale=es").await;
    assert_eq!(none.body["items"], json!([]));
    assert_eq!(siblings("hola-en/translations?locale=en").await.status, 404);
    transition(&site, &token, &english, "publish").await;
    let seen = siblings("hola-es/translations?locale=es").await;
    assert_eq!(
        seen.body["items"],
        json!([{"locale": "en", "slug": "hola-en"}])
    );
    let seen = siblings("hola-en/translations?locale=en").await;
    assert_eq!(
        seen.body["items"],
        json!([{"locale": "es", "slug": "hola-es"}])
    );
    let public = siblings("hola-en?locale=en").await;
    assert_eq!(public.body["translation_of"], source.body["id"]);
}
