use tintero_domain::{
    Error,
    access::Role,
    error::Unique,
    posts::{ImportSource, PostPatch, Transition},
    redirects::ResolvedTarget,
    values::Timestamp,
};

use crate::{
    redirects::redirects,
    site::{DAWN, body_patch, caller, draft, editor, noise, site, slug, slug_patch},
};

#[tokio::test]
async fn a_draft_is_readable_by_id_but_not_by_address() {
    let site = site().await;
    let copy = site.a_post("Hola, mundo").await;
    assert_eq!(site.read(copy.post.state.id).await, copy);
    let public = site.public("hola-mundo").await;
    assert!(matches!(public, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn an_edit_is_not_public_before_it_is_published() {
    let site = site().await;
    let copy = site.a_published_post("Hola").await;
    let before = site.live("hola").await;
    let patch = PostPatch {
        title: Some("Secreto".parse().unwrap()),
        slug: Some(slug("secreto")),
        tags: Some(vec!["secreto".parse().unwrap()]),
        ..body_patch("secreto")
    };
    let edited = site.update(&copy, patch).await;
    assert!(edited.post.has_unpublished_changes());
    assert_eq!(site.live("hola").await, before);
    assert!(site.public("secreto").await.is_err());

    let published = site.publish(&edited).await.unwrap();
    assert!(!published.post.has_unpublished_changes());
    assert_eq!(site.live("secreto").await.body, "secreto");
    assert_eq!(site.redirected("hola").await, slug("secreto"));
}

#[tokio::test]
async fn old_slugs_redirect_directly_to_the_present_one() {
    let site = site().await;
    let mut copy = site.a_published_post("Uno").await;
    for next in ["dos", "tres", "uno"] {
        copy = site.update(&copy, slug_patch(next)).await;
        copy = site.publish(&copy).await.unwrap();
    }
    site.live("uno").await;
    for old in ["dos", "tres"] {
        assert_eq!(site.redirected(old).await, slug("uno"));
    }
}

#[tokio::test]
async fn replacing_a_slug_that_was_never_public_makes_it_available() {
    let site = site().await;
    let copy = site.a_post("Uno").await;
    let copy = site.update(&copy, slug_patch("dos")).await;
    site.publish(&copy).await.unwrap();
    site.a_published_post("Uno").await;
    let refused = site.posts.create(&editor(), draft("Dos")).await;
    let Err(Error::SlugTaken(refused)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refused.address.slug, slug("dos"));
    assert_eq!(refused.holder, Some(copy.post.state.id));
}

#[tokio::test]
async fn authors_publish_only_their_own_posts_and_contributors_none() {
    let site = site().await;
    let author = site.by(&caller(Role::Author, 2));
    let own = author.create(draft("Mío")).await.unwrap();
    assert!(author.publish(&own, None).await.is_ok());
    let other = site.a_post("Ajeno").await;
    let refused = author.publish(&other, None).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let contributor = site.by(&caller(Role::Contributor, 3));
    let own = contributor.create(draft("Colaboración")).await.unwrap();
    let refused = contributor.publish(&own, None).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_past_date_requires_a_permission_and_a_future_date_is_invalid() {
    let site = site().await;
    let past = Some(Timestamp::from_millis(DAWN - 86_400_000));
    let author = site.by(&caller(Role::Author, 2));
    let copy = author.create(draft("Fechado")).await.unwrap();
    let refused = author.publish(&copy, past).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let editor = site.by(&editor());
    let future = Some(Timestamp::from_millis(DAWN + 1));
    let refused = editor.publish(&copy, future).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    let published = editor.publish(&copy, past).await.unwrap();
    assert_eq!(published.post.state.published_at, past);
}

#[tokio::test]
async fn a_post_is_found_by_its_import_source_and_its_old_path() {
    let site = site().await;
    let mut new = draft("Importado");
    new.source = Some(ImportSource {
        import: "blog".into(),
        path: "_posts/a.md".into(),
        sha256: "0".repeat(64),
    });
    new.aliases = vec!["/2022/viejo.html".parse().unwrap()];
    let copy = site.create(new.clone()).await;
    let id = copy.post.state.id;
    let (import, path) = ("blog".into(), "_posts/a.md".into());
    let found = site.posts.get_by_source(&editor(), import, path).await;
    assert_eq!(found.unwrap().copy, copy);
    let redirects = redirects(&site);
    let resolve = || redirects.resolve("/2022/viejo.html".parse().unwrap());
    assert!(matches!(resolve().await, Err(Error::NotFound(_))));
    let published = site.publish(&copy).await.unwrap();
    assert_eq!(
        resolve().await.unwrap().value.to,
        ResolvedTarget::Post(id, copy.post.content.address.clone())
    );
    site.transition(&published, Transition::Trash).await;
    assert!(matches!(resolve().await, Err(Error::Gone(_))));

    new.slug = Some(slug("otro"));
    new.aliases.clear();
    let refused = site.posts.create(&editor(), new).await;
    assert!(
        matches!(refused, Err(Error::Taken { unique: Unique::Source, holder: Some(holder) }) if holder == id)
    );
}

#[tokio::test]
async fn all_unknown_references_are_reported_together() {
    let site = site().await;
    let mut new = draft("Referencias");
    let id = || uuid::Uuid::from_u128(42).to_string();
    new.category_ids = vec![id().parse().unwrap()];
    new.byline_ids = vec![id().parse().unwrap()];
    new.featured_image_id = Some(id().parse().unwrap());
    let Err(Error::Invalid(errors)) = site.posts.create(&editor(), new).await else {
        panic!("accepted")
    };
    let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(
        pointers,
        ["/category_ids/0", "/byline_ids/0", "/featured_image_id"]
    );
}

#[tokio::test]
async fn bodies_larger_than_a_chunk_are_stored_exactly() {
    let site = site().await;
    let mut new = draft("Largo");
    new.manuscript.body = noise(1024 * 1024);
    let body = new.manuscript.body.clone();
    let copy = site.create(new).await;
    assert!(copy.post.text.chunks > 1);
    let published = site.publish(&copy).await.unwrap();
    assert_eq!(site.read(copy.post.state.id).await, published);
    assert_eq!(site.live("largo").await.body, body);
}
