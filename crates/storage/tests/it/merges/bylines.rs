use tintero_domain::{
    Error,
    bylines::{BylineLookup, BylineRemoval},
    error::{BylineUse, Resource},
    taxonomy::TaxonomyStore as _,
    values::{IdOrSlug, Version},
};

use super::{Stage, Taxon, outcome, run, stage};
use crate::{
    site::{caller, editor, slug},
    taxonomy::{bylines, new_byline},
};

async fn remove(stage: &Stage, name: &str, into: Option<&str>) -> Result<BylineRemoval, Error> {
    let into = into.map(|name| IdOrSlug::Id(stage.byline(name)));
    let (id, editor) = (stage.byline(name), editor());
    let bylines = bylines(&stage.site);
    bylines
        .remove(&editor, id, Version::FIRST, into.as_ref())
        .await
}

#[tokio::test]
async fn a_byline_in_use_is_not_deleted_and_its_uses_are_named() {
    let stage = stage(Taxon::Byline).await;
    let post = stage.post("Uno", &["uno"]).await;
    stage.post("Otro", &["dos"]).await;
    let refused = remove(&stage, "uno", None).await;
    let Err(Error::BylineInUse(BylineUse { count, posts })) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((count, posts), (1, vec![post.post.state.id]));
    assert_eq!(stage.count("uno").await, 1);
    let removed = remove(&stage, "tres", None).await.unwrap();
    assert_eq!(removed, BylineRemoval::Deleted);
}

#[tokio::test]
async fn a_deleted_byline_leaves_drafts_and_frees_its_slug() {
    let stage = stage(Taxon::Byline).await;
    let draft = stage.draft("Borrador", &["uno", "dos"]).await;
    remove(&stage, "uno", None).await.unwrap();
    let bylines = bylines(&stage.site);
    let gone = bylines.get(&IdOrSlug::Id(stage.byline("uno"))).await;
    assert!(
        matches!(gone, Err(Error::Gone(Resource::Byline))),
        "{gone:?}"
    );
    let again = remove(&stage, "uno", None).await;
    assert!(
        matches!(again, Err(Error::Gone(Resource::Byline))),
        "{again:?}"
    );
    let read = stage.site.read(draft.post.state.id).await;
    assert_eq!(stage.names_in(&read.post.content), ["dos"]);
    stage.site.publish(&read).await.unwrap();
    assert_eq!(stage.count("dos").await, 1);
    bylines.create(&editor(), new_byline("uno")).await.unwrap();
}

#[tokio::test]
async fn the_names_of_a_merged_byline_lead_to_its_replacement() {
    let stage = stage(Taxon::Byline).await;
    stage.post("Uno", &["uno"]).await;
    let Ok(BylineRemoval::Merging(begun)) = remove(&stage, "uno", Some("dos")).await else {
        panic!("the byline is merged");
    };
    assert_eq!(begun.total, 1);
    let bylines = bylines(&stage.site);
    let target = BylineLookup::Moved(stage.byline("dos"));
    for name in [
        IdOrSlug::Id(stage.byline("uno")),
        IdOrSlug::Slug(slug("uno")),
    ] {
        assert_eq!(bylines.get(&name).await.unwrap(), target);
    }
    run(&stage.site).await;
    let ended = super::operation(&stage.site, begun.id).await;
    assert!(outcome(&ended).is_some() && ended.done == 1, "{ended:?}");
    let again = stage.merge("uno", "dos").await;
    assert_eq!(again.id, begun.id);
    let taxonomy = &stage.site.taxonomy;
    let left = taxonomy.byline_count(stage.byline("uno"), stage.site.now());
    assert_eq!((left.await.unwrap(), stage.count("dos").await), (0, 1));
    let bylines = bylines.create(&editor(), new_byline("uno")).await;
    assert_eq!(bylines.unwrap().slug, slug("uno"));
}

#[tokio::test]
async fn a_merge_needs_another_existing_byline_and_the_permission() {
    let stage = stage(Taxon::Byline).await;
    let itself = stage.try_merge("uno", "uno").await;
    assert!(matches!(itself, Err(Error::Invalid(_))), "{itself:?}");
    remove(&stage, "tres", None).await.unwrap();
    let deleted = stage.try_merge("uno", "tres").await;
    assert!(matches!(deleted, Err(Error::Invalid(_))), "{deleted:?}");
    let (id, into) = (stage.byline("uno"), IdOrSlug::Id(stage.byline("dos")));
    let author = caller(tintero_domain::access::Role::Author, 2);
    let bylines = bylines(&stage.site);
    let refused = bylines.merge(&author, id, Version::FIRST, &into).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
}

#[tokio::test]
async fn the_doctor_accepts_references_to_merged_bylines() {
    let stage = stage(Taxon::Byline).await;
    let site = &stage.site;
    stage.draft("Borrador", &["uno"]).await;
    stage.post("Uno", &["uno"]).await;
    stage.merge("uno", "dos").await;
    run(site).await;
    let report = site.doctor().examine(|_| {}).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
