use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::images::Image;
use tintero_storage::{
    doctor::{Finding, Rule},
    keys::{self, Key},
};

use super::{doctor, examined, item, lose, require_cured, spoil, write};
use crate::{
    images::{images, png, upload},
    site::{Site, editor, site},
};

async fn an_image(site: &Site, width: u32, path: Option<&str>) -> Image {
    let uploaded = upload(&images(site), &editor(), png(width), path).await;
    assert!(examined(site).await.is_empty(), "all is in order");
    uploaded.unwrap().image
}

fn row(image: &Image) -> Key {
    keys::image_row(image.created_at, image.id())
}

fn text(text: &impl ToString) -> AttributeValue {
    AttributeValue::S(text.to_string())
}

#[tokio::test]
async fn what_is_lost_of_an_image_is_written_again() {
    let site = site().await;
    let named = an_image(&site, 1, Some("img/Gato.png")).await;
    let nameless = an_image(&site, 2, None).await;
    let path = named.source_path.as_ref().unwrap();
    for place in [
        row(&named),
        row(&nameless),
        keys::image_path(path),
        keys::folded_image_path(path),
        keys::image_digest(&nameless.picture.sha256),
    ] {
        lose(&site, "t-images", place.clone()).await;
        require_cured(&site, Rule::Images, &[&place]).await;
    }
    spoil(&site, "t-images", &row(&named), "alt", text(&"Otro")).await;
    require_cured(&site, Rule::Images, &[&row(&named)]).await;
}

#[tokio::test]
async fn an_image_is_written_again_from_its_row() {
    let site = site().await;
    let image = an_image(&site, 1, None).await;
    lose(&site, "t-images", keys::image(image.id())).await;
    let findings = examined(&site).await;
    let (mended, told): (Vec<_>, Vec<_>) = findings.iter().partition(|f| f.can_be_repaired());
    assert_eq!(mended[0].place, row(&image));
    assert_eq!(told.len(), 1, "its claim: {told:?}");
    doctor(&site).repair(findings.clone()).await.unwrap();
    assert_eq!(examined(&site).await, BTreeSet::new());
    let found = images(&site).get(image.id()).await;
    assert_eq!(found.unwrap(), image);
}

#[tokio::test]
async fn names_of_an_image_that_does_not_exist_are_told_and_left() {
    let site = site().await;
    let image = an_image(&site, 1, Some("gato.png")).await;
    lose(&site, "t-images", keys::image(image.id())).await;
    lose(&site, "t-images", row(&image)).await;
    let findings = examined(&site).await;
    assert_eq!(findings.len(), 2, "its path in two spellings: {findings:?}");
    assert!(!findings.iter().any(Finding::can_be_repaired));
}

#[tokio::test]
async fn what_an_image_knows_nothing_of_goes_and_its_names_stay() {
    let site = site().await;
    let image = an_image(&site, 1, Some("gato.png")).await;
    let other = an_image(&site, 2, Some("perro.png")).await;
    let mut stray = item(&site, "t-images", &row(&image)).await;
    let place = Key {
        sk: keys::image_place(
            site.now().after(std::time::Duration::from_secs(1)),
            image.id(),
        ),
        ..row(&image)
    };
    stray.insert("sk".to_owned(), text(&place.sk));
    write(&site, "t-images", stray).await;
    require_cured(&site, Rule::Images, &[&place]).await;

    let spellings = keys::folded_image_path(image.source_path.as_ref().unwrap());
    let both = vec![image.id().to_string(), other.id().to_string()];
    let both = AttributeValue::Ss(both);
    spoil(&site, "t-images", &spellings, "image_ids", both).await;
    require_cured(&site, Rule::Images, &[&spellings]).await;

    let path = keys::image_path(image.source_path.as_ref().unwrap());
    spoil(&site, "t-images", &path, "id", text(&other.id())).await;
    let findings = examined(&site).await;
    assert!(!findings.is_empty());
    assert!(
        !findings.iter().any(Finding::can_be_repaired),
        "{findings:?}"
    );
}
