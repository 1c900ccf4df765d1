use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::redirects::{NewRedirect, Redirect, Target};
use tintero_storage::{
    doctor::Rule,
    keys::{self, Key},
};

use super::{examined, lose, require_cured, spoil};
use crate::{
    redirects::redirects,
    site::{Site, draft, editor, site},
};

/// A redirect, its row in the list, and its claim on the path.
async fn a_redirect(site: &Site) -> (Redirect, Key, Key) {
    let new = NewRedirect {
        from: "/a".parse().unwrap(),
        target: Target::Place("/b".parse().unwrap()),
        permanent: true,
    };
    let redirect = redirects(site).create(&editor(), new).await.unwrap();
    assert!(examined(site).await.is_empty(), "all is in order");
    let (row, claim) = (keys::redirect(redirect.id), keys::old_path(&redirect.from));
    (redirect, row, claim)
}

#[tokio::test]
async fn a_redirect_that_is_in_no_list_is_listed_again() {
    let site = site().await;
    let (redirect, row, _) = a_redirect(&site).await;
    lose(&site, "t-posts", row.clone()).await;
    require_cured(&site, Rule::Redirects, &[&row]).await;
    let removed = redirects(&site).delete(&editor(), redirect.id).await;
    assert!(removed.is_ok(), "{removed:?}");
}

#[tokio::test]
async fn a_listed_redirect_that_leads_nowhere_leads_again() {
    let site = site().await;
    let (redirect, _, claim) = a_redirect(&site).await;
    lose(&site, "t-posts", claim.clone()).await;
    require_cured(&site, Rule::Redirects, &[&claim]).await;
    let found = redirects(&site).resolve(redirect.from).await;
    assert!(found.is_ok(), "{found:?}");
}

#[tokio::test]
async fn a_row_says_what_the_redirect_says() {
    let site = site().await;
    let (_, row, _) = a_redirect(&site).await;
    let no = AttributeValue::Bool(false);
    spoil(&site, "t-posts", &row, "permanent", no).await;
    require_cured(&site, Rule::Redirects, &[&row]).await;
}

#[tokio::test]
async fn a_row_whose_path_belongs_to_a_post_goes() {
    let site = site().await;
    let (redirect, row, claim) = a_redirect(&site).await;
    lose(&site, "t-posts", claim).await;
    let mut new = draft("Uno");
    new.aliases = vec![redirect.from];
    site.posts.create(&editor(), new).await.unwrap();
    require_cured(&site, Rule::Redirects, &[&row]).await;
}
