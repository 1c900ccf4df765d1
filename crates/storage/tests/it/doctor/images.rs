use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::images::Image;
use tintero_storage::{
    doctor::{DoctorFinding, DoctorRule},
    keys::{self, ItemKey},
};

use super::{assert_repairable, delete_item, doctor, examine, get_item, put_item, set_attribute};
use crate::{
    images::{images, png, upload},
    site::{Site, editor, site},
};

async fn an_image(site: &Site, width: u32, path: Option<&str>) -> Image {
    let uploaded = upload(&images(site), &editor(), png(width), path).await;
    assert!(examine(site).await.is_empty());
    uploaded.unwrap().image
}

fn row(image: &Image) -> ItemKey {
    keys::image_row(image.created_at, image.id())
}

fn text(text: &impl ToString) -> AttributeValue {
    AttributeValue::S(text.to_string())
}

#[tokio::test]
async fn missing_and_different_items_of_an_image_are_rewritten() {
    let site = site().await;
    let named = an_image(&site, 1, Some("img/Gato.png")).await;
    let nameless = an_image(&site, 2, None).await;
    let path = named.source_path.as_ref().unwrap();
    for key in [
        row(&named),
        row(&nameless),
        keys::image_path(path),
        keys::folded_image_path(path),
        keys::image_digest(&nameless.file.sha256),
        keys::image_with_digest(&named.file.sha256, named.id()),
    ] {
        delete_item(&site, "t-images", key.clone()).await;
        assert_repairable(&site, DoctorRule::Images, &[&key]).await;
    }
    set_attribute(&site, "t-images", &row(&named), "alt", text(&"Otro")).await;
    assert_repairable(&site, DoctorRule::Images, &[&row(&named)]).await;
}

#[tokio::test]
async fn a_missing_image_is_rewritten_from_its_row() {
    let site = site().await;
    let image = an_image(&site, 1, None).await;
    delete_item(&site, "t-images", keys::image(image.id())).await;
    let findings = examine(&site).await;
    let (repairable, others): (Vec<_>, Vec<_>) = findings.iter().partition(|f| f.can_be_repaired());
    assert_eq!(repairable[0].key, row(&image));
    assert_eq!(others.len(), 2, "its claim and its digest: {others:?}");
    doctor(&site).repair(findings.clone()).await.unwrap();
    assert_eq!(examine(&site).await, BTreeSet::new());
    let found = images(&site).get(image.id()).await;
    assert_eq!(found.unwrap(), image);
}

#[tokio::test]
async fn names_of_a_missing_image_are_reported_and_kept() {
    let site = site().await;
    let image = an_image(&site, 1, Some("gato.png")).await;
    delete_item(&site, "t-images", keys::image(image.id())).await;
    delete_item(&site, "t-images", row(&image)).await;
    let findings = examine(&site).await;
    assert_eq!(findings.len(), 3, "{findings:?}");
    assert!(!findings.iter().any(DoctorFinding::can_be_repaired));
}

#[tokio::test]
async fn stray_rows_and_spellings_of_an_image_are_removed_and_names_are_kept() {
    let site = site().await;
    let image = an_image(&site, 1, Some("gato.png")).await;
    let other = an_image(&site, 2, Some("perro.png")).await;
    let mut stray = get_item(&site, "t-images", &row(&image)).await;
    let key = ItemKey {
        sk: keys::image_sort_key(
            site.now().after(std::time::Duration::from_secs(1)),
            image.id(),
        ),
        ..row(&image)
    };
    stray.insert("sk".to_owned(), text(&key.sk));
    put_item(&site, "t-images", stray).await;
    assert_repairable(&site, DoctorRule::Images, &[&key]).await;

    let spellings = keys::folded_image_path(image.source_path.as_ref().unwrap());
    let both = vec![image.id().to_string(), other.id().to_string()];
    let both = AttributeValue::Ss(both);
    set_attribute(&site, "t-images", &spellings, "image_ids", both).await;
    assert_repairable(&site, DoctorRule::Images, &[&spellings]).await;

    let path = keys::image_path(image.source_path.as_ref().unwrap());
    set_attribute(&site, "t-images", &path, "id", text(&other.id())).await;
    let findings = examine(&site).await;
    assert!(!findings.is_empty());
    assert!(
        !findings.iter().any(DoctorFinding::can_be_repaired),
        "{findings:?}"
    );
}
