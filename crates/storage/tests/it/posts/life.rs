use tintero_domain::{
    Error,
    access::Role,
    error::Unique,
    posts::{Found, PostPatch, Source, Transition},
    redirects::Whither,
    values::Timestamp,
};

use crate::redirects::redirects;
use crate::site::{DAWN, caller, draft, editor, site, slug};

#[tokio::test]
async fn a_draft_is_read_by_id_and_not_by_address() {
    let site = site().await;
    let copy = site.a_post("Hola, mundo").await;
    assert_eq!(
        site.posts
            .get(&editor(), copy.post.standing.id)
            .await
            .unwrap()
            .copy,
        copy
    );
    assert!(matches!(
        site.posts.get_public(slug("hola-mundo"), None).await,
        Err(Error::NotFound(_))
    ));
}

#[tokio::test]
async fn no_byte_of_an_edit_is_public_before_it_is_published() {
    let site = site().await;
    let copy = site.a_published_post("Hola").await;
    let id = copy.post.standing.id;
    let before = site
        .posts
        .get_public(slug("hola"), None)
        .await
        .unwrap()
        .what;
    let patch = PostPatch {
        title: Some("Secreto".parse().unwrap()),
        slug: Some(slug("secreto")),
        body: Some("secreto".to_owned()),
        tags: Some(vec!["secreto".parse().unwrap()]),
        ..PostPatch::default()
    };
    let edited = site
        .posts
        .update(&editor(), id, copy.post.tag(), patch)
        .await
        .unwrap()
        .shown
        .copy;
    assert!(edited.post.has_unpublished_changes());
    assert_eq!(
        site.posts
            .get_public(slug("hola"), None)
            .await
            .unwrap()
            .what,
        before
    );
    assert!(site.posts.get_public(slug("secreto"), None).await.is_err());

    let published = site.publish(&edited).await.unwrap();
    assert!(!published.post.has_unpublished_changes());
    let Found::Here(live) = site
        .posts
        .get_public(slug("secreto"), None)
        .await
        .unwrap()
        .what
    else {
        panic!("moved")
    };
    assert_eq!(live.body, "secreto");
    let Found::Moved(address) = site
        .posts
        .get_public(slug("hola"), None)
        .await
        .unwrap()
        .what
    else {
        panic!("there")
    };
    assert_eq!(address.slug, slug("secreto"));
}

#[tokio::test]
async fn old_slugs_lead_to_the_present_one_without_a_chain() {
    let site = site().await;
    let mut copy = site.a_published_post("Uno").await;
    for next in ["dos", "tres", "uno"] {
        let patch = PostPatch {
            slug: Some(slug(next)),
            ..PostPatch::default()
        };
        copy = site
            .posts
            .update(&editor(), copy.post.standing.id, copy.post.tag(), patch)
            .await
            .unwrap()
            .shown
            .copy;
        copy = site.publish(&copy).await.unwrap();
    }
    assert!(matches!(
        site.posts.get_public(slug("uno"), None).await.unwrap().what,
        Found::Here(_)
    ));
    for old in ["dos", "tres"] {
        let Found::Moved(address) = site.posts.get_public(slug(old), None).await.unwrap().what
        else {
            panic!("{old}")
        };
        assert_eq!(address.slug, slug("uno"));
    }
}

#[tokio::test]
async fn a_slug_that_was_never_public_is_given_back_when_it_is_replaced() {
    let site = site().await;
    let copy = site.a_post("Uno").await;
    let patch = PostPatch {
        slug: Some(slug("dos")),
        ..PostPatch::default()
    };
    site.posts
        .update(&editor(), copy.post.standing.id, copy.post.tag(), patch)
        .await
        .unwrap();
    site.a_post("Uno").await;
    let error = site
        .posts
        .create(&editor(), draft("Dos"))
        .await
        .unwrap_err();
    let Error::SlugTaken(refused) = error else {
        panic!("{error}")
    };
    assert_eq!(
        (refused.address.slug, refused.holder),
        (slug("dos"), Some(copy.post.standing.id))
    );
}

#[tokio::test]
async fn authors_publish_their_own_posts_and_not_those_of_others() {
    let site = site().await;
    let author = caller(Role::Author, 2);
    let own = site
        .posts
        .create(&author, draft("Mío"))
        .await
        .unwrap()
        .shown
        .copy;
    assert!(
        site.posts
            .publish(&author, own.post.standing.id, own.post.tag(), None)
            .await
            .is_ok()
    );
    let other = site.a_post("Ajeno").await;
    let refused = site
        .posts
        .publish(&author, other.post.standing.id, other.post.tag(), None)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let contributor = caller(Role::Contributor, 3);
    let own = site
        .posts
        .create(&contributor, draft("Colaboración"))
        .await
        .unwrap()
        .shown
        .copy;
    let refused = site
        .posts
        .publish(&contributor, own.post.standing.id, own.post.tag(), None)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_past_date_takes_a_permission_and_a_future_one_is_refused() {
    let site = site().await;
    let past = Some(Timestamp::from_millis(DAWN - 86_400_000));
    let author = caller(Role::Author, 2);
    let copy = site
        .posts
        .create(&author, draft("Fechado"))
        .await
        .unwrap()
        .shown
        .copy;
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    assert!(matches!(
        site.posts.publish(&author, id, tag, past).await,
        Err(Error::Forbidden(_))
    ));
    let future = Some(Timestamp::from_millis(DAWN + 1));
    assert!(matches!(
        site.posts.publish(&editor(), id, tag, future).await,
        Err(Error::Invalid(_))
    ));
    let published = site
        .posts
        .publish(&editor(), id, tag, past)
        .await
        .unwrap()
        .shown
        .copy;
    assert_eq!(published.post.standing.published_at, past);
}

#[tokio::test]
async fn a_post_is_found_by_its_source_and_its_old_address() {
    let site = site().await;
    let mut new = draft("Importado");
    new.source = Some(Source {
        import: "blog".into(),
        path: "_posts/a.md".into(),
        sha256: "0".repeat(64),
    });
    new.aliases = vec!["/2022/viejo.html".parse().unwrap()];
    let copy = site
        .posts
        .create(&editor(), new.clone())
        .await
        .unwrap()
        .shown
        .copy;
    let id = copy.post.standing.id;
    let found = site
        .posts
        .get_by_source(&editor(), "blog".into(), "_posts/a.md".into())
        .await
        .unwrap()
        .copy;
    assert_eq!(found, copy);
    let redirects = redirects(&site);
    let path = || "/2022/viejo.html".parse().unwrap();
    assert!(matches!(
        redirects.resolve(path()).await,
        Err(Error::NotFound(_))
    ));
    let published = site.publish(&copy).await.unwrap();
    assert_eq!(
        redirects.resolve(path()).await.unwrap().what.to,
        Whither::Post(id, copy.post.content.address.clone())
    );
    site.posts
        .transition(&editor(), id, published.post.tag(), Transition::Trash)
        .await
        .unwrap();
    assert!(matches!(
        redirects.resolve(path()).await,
        Err(Error::Gone(_))
    ));

    new.slug = Some(slug("otro"));
    new.aliases.clear();
    let refused = site.posts.create(&editor(), new).await;
    assert!(
        matches!(refused, Err(Error::Taken { unique: Unique::Source, holder: Some(holder) }) if holder == id)
    );
}

#[tokio::test]
async fn references_to_what_does_not_exist_are_refused_all_at_once() {
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
async fn bodies_beyond_one_piece_are_kept_byte_for_byte() {
    let site = site().await;
    // Digits of a linear congruence: text that does not compress to one piece.
    let mut state = 1_u64;
    let body: String = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b' ' + u8::try_from((state >> 33) % 95).unwrap())
    })
    .take(1024 * 1024)
    .collect();
    let mut new = draft("Largo");
    new.manuscript.body.clone_from(&body);
    let copy = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    assert!(copy.post.text.chunks > 1);
    let published = site.publish(&copy).await.unwrap();
    assert_eq!(
        site.posts
            .get(&editor(), copy.post.standing.id)
            .await
            .unwrap()
            .copy,
        published
    );
    let Found::Here(live) = site
        .posts
        .get_public(slug("largo"), None)
        .await
        .unwrap()
        .what
    else {
        panic!("moved")
    };
    assert_eq!(live.body, body);
}
