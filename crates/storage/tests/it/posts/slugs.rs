use tintero_domain::{Error, posts::PostPatch};

use crate::site::{draft, editor, once, site, slug};

fn free(result: Result<tintero_domain::posts::Effect, Error>) -> Vec<String> {
    match result {
        Err(Error::SlugTaken(refused)) => refused.free.into_iter().map(Into::into).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_wants_a_taken_slug_is_told_three_that_are_free() {
    let site = site().await;
    for (title, expected) in [
        ("Hola", ["hola-2", "hola-3", "hola-2100"]),
        ("Hola 2", ["hola-3", "hola-2100", "hola-4"]),
    ] {
        site.a_post(title).await;
        let _ = site.wire.measure();
        let refused = site.posts.create(&editor(), draft("Hola")).await;
        assert_eq!(
            site.wire.measure().requests,
            4,
            "the text written and removed, the refusal, and one look-up for all of them"
        );
        assert_eq!(free(refused), expected);
    }
}

#[tokio::test]
async fn an_edit_is_told_them_too_and_a_repetition_under_its_key_is_none() {
    let site = site().await;
    site.a_post("Hola").await;
    let other = site.a_post("Otro").await;
    let (id, tag) = (other.post.standing.id, other.post.tag());
    let patch = PostPatch {
        slug: Some(slug("hola")),
        ..PostPatch::default()
    };
    let caller = once(editor(), "key", "digest");
    let refused = site.posts.update(&caller, id, tag, patch).await;
    assert_eq!(free(refused)[0], "hola-2");
}

#[tokio::test]
async fn a_post_takes_back_a_slug_that_it_had() {
    let site = site().await;
    let mut copy = site.a_published_post("Uno").await;
    let id = copy.post.standing.id;
    for name in ["dos", "uno", "dos"] {
        let patch = PostPatch {
            slug: Some(slug(name)),
            ..PostPatch::default()
        };
        let tag = copy.post.tag();
        copy = site
            .posts
            .update(&editor(), id, tag, patch)
            .await
            .unwrap()
            .shown
            .copy;
        copy = site.publish(&copy).await.unwrap();
        assert_eq!(copy.post.live().unwrap().address.slug, slug(name));
        assert_eq!(copy.post.standing.past_addresses.len(), 1);
    }
}

#[tokio::test]
async fn a_post_takes_back_an_alias_that_it_gave_up() {
    let site = site().await;
    let mut new = draft("Uno");
    new.aliases = vec!["/2022/uno.html".parse().unwrap()];
    let mut copy = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    let id = copy.post.standing.id;
    for aliases in [vec![], vec!["/2022/uno.html".parse().unwrap()]] {
        let patch = PostPatch {
            aliases: Some(aliases.clone()),
            ..PostPatch::default()
        };
        let tag = copy.post.tag();
        copy = site
            .posts
            .update(&editor(), id, tag, patch)
            .await
            .unwrap()
            .shown
            .copy;
        assert_eq!(copy.post.content.aliases, aliases);
    }
}

#[tokio::test]
async fn a_slug_is_made_of_the_title_wherever_that_makes_sense() {
    let site = site().await;
    for (title, expected) in [
        ("¿Qué es programación?", "que-es-programacion"),
        ("El ñandú y la cigüeña", "el-nandu-y-la-ciguena"),
        ("🚀", "rocket"),
        ("東京タワー", "dong-jing-tawa"),
        ("Привет, мир", "privet-mir"),
    ] {
        let copy = site.a_post(title).await;
        assert_eq!(copy.post.content.address.slug, slug(expected), "{title}");
    }
    let refused = site.posts.create(&editor(), draft("—…—")).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    let problem = errors.iter().next().unwrap();
    assert_eq!(
        (problem.pointer.as_str(), problem.error.code.as_str()),
        ("/slug", "required")
    );
}
