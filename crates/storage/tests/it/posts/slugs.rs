use tintero_domain::{
    Error,
    posts::{PostPatch, WorkingCopy},
};

use crate::site::{draft, editor, once, site, slug, slug_patch};

fn suggestions(result: Result<WorkingCopy, Error>) -> Vec<String> {
    match result {
        Err(Error::SlugTaken(refused)) => refused.free.into_iter().map(Into::into).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_taken_slug_is_refused_with_three_free_slugs() {
    let site = site().await;
    for (title, expected) in [
        ("Hola", ["hola-2", "hola-3", "hola-2100"]),
        ("Hola 2", ["hola-3", "hola-2100", "hola-4"]),
    ] {
        site.a_published_post(title).await;
        let _ = site.wire.measure();
        let refused = site.by(&editor()).create(draft("Hola")).await;
        assert_eq!(
            site.wire.measure().requests,
            2,
            "refused transaction with the text, look up the suggestions"
        );
        assert_eq!(suggestions(refused), expected);
    }
    let other = site.a_post("Otro").await;
    let editor = site.by(&once(editor(), "key", "digest"));
    let refused = editor.update(&other, slug_patch("hola")).await;
    assert_eq!(suggestions(refused)[0], "hola-3");
}

#[tokio::test]
async fn a_post_can_return_to_an_earlier_slug() {
    let site = site().await;
    let mut copy = site.a_published_post("Uno").await;
    for name in ["dos", "uno", "dos"] {
        copy = site.update(&copy, slug_patch(name)).await;
        copy = site.publish(&copy).await.unwrap();
        assert_eq!(copy.post.live().unwrap().address.slug, slug(name));
        assert_eq!(copy.post.state.past_addresses.len(), 1);
    }
}

#[tokio::test]
async fn a_post_can_return_to_an_earlier_alias() {
    let site = site().await;
    let mut new = draft("Uno");
    new.aliases = vec!["/2022/uno.html".parse().unwrap()];
    let mut copy = site.create(new).await;
    for aliases in [vec![], vec!["/2022/uno.html".parse().unwrap()]] {
        let patch = PostPatch {
            aliases: Some(aliases.clone()),
            ..PostPatch::default()
        };
        copy = site.update(&copy, patch).await;
        assert_eq!(copy.post.content.aliases, aliases);
    }
}

#[tokio::test]
async fn a_slug_is_derived_from_the_title_if_possible() {
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
