use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::redirects::{NewRedirect, Redirect, RedirectTarget};
use tintero_storage::{
    doctor::DoctorRule,
    keys::{self, ItemKey},
};

use super::{assert_repairable, delete_item, examine, set_attribute};
use crate::{
    redirects::redirects,
    site::{Site, draft, editor, site},
};

/// A redirect, its row in the list, and its claim on the path.
async fn a_redirect(site: &Site) -> (Redirect, ItemKey, ItemKey) {
    let new = NewRedirect {
        from: "/a".parse().unwrap(),
        target: RedirectTarget::Location("/b".parse().unwrap()),
        permanent: true,
    };
    let redirect = redirects(site).create(&editor(), new).await.unwrap();
    assert!(examine(site).await.is_empty());
    let (row, claim) = (keys::redirect(redirect.id), keys::old_path(&redirect.from));
    (redirect, row, claim)
}

#[tokio::test]
async fn a_missing_or_different_row_of_a_redirect_is_rewritten() {
    let site = site().await;
    let (redirect, row, _) = a_redirect(&site).await;
    delete_item(&site, "t-posts", row.clone()).await;
    assert_repairable(&site, DoctorRule::Redirects, &[&row]).await;
    let no = AttributeValue::Bool(false);
    set_attribute(&site, "t-posts", &row, "permanent", no).await;
    assert_repairable(&site, DoctorRule::Redirects, &[&row]).await;
    let removed = redirects(&site).delete(&editor(), redirect.id).await;
    assert!(removed.is_ok(), "{removed:?}");
}

#[tokio::test]
async fn a_missing_claim_of_a_redirect_is_rewritten() {
    let site = site().await;
    let (redirect, _, claim) = a_redirect(&site).await;
    delete_item(&site, "t-posts", claim.clone()).await;
    assert_repairable(&site, DoctorRule::Redirects, &[&claim]).await;
    let found = redirects(&site).resolve(redirect.from).await;
    assert!(found.is_ok(), "{found:?}");
}

#[tokio::test]
async fn a_row_is_deleted_when_its_path_belongs_to_a_post() {
    let site = site().await;
    let (redirect, row, claim) = a_redirect(&site).await;
    delete_item(&site, "t-posts", claim).await;
    let mut new = draft("Uno");
    new.aliases = vec![redirect.from];
    let copy = site.create(new).await;
    site.publish(&copy).await.unwrap();
    assert_repairable(&site, DoctorRule::Redirects, &[&row]).await;
}
