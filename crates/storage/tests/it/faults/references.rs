//! Writes of categories, bylines, images and redirects.

use tintero_domain::{
    Result,
    access::Caller,
    bylines::BylinePatch,
    images::{ImageMetadata, ImagePatch, MediaType},
    redirects::{NewRedirect, RedirectTarget},
    site::SitePatch,
    taxonomy::CategoryPatch,
    values::{Digest, IdOrSlug, Version, VersionTag},
};

use super::{
    fixture::{Created, Fixture},
    writes::TestWrite,
};
use crate::{
    images::{png, upload},
    site::slug,
    taxonomy::{new_byline, new_category},
};

impl Fixture {
    pub(super) async fn write_reference(
        &self,
        created: &mut Created,
        write: TestWrite,
        caller: &Caller,
    ) -> Result<()> {
        match write {
            TestWrite::CreateCategory => {
                let listed = self.categories.create(caller, new_category("Nube", None));
                created.category = Some(listed.await?.category);
            }
            TestWrite::ChangeCategory => self.change_category(created, caller).await?,
            TestWrite::CreateByline => {
                created.byline = Some(self.bylines.create(caller, new_byline("Ana")).await?);
            }
            TestWrite::CreateOtherByline => {
                self.bylines.create(caller, new_byline("Eva")).await?;
            }
            TestWrite::ChangeByline => self.change_byline(created, caller).await?,
            TestWrite::DeleteByline => {
                let byline = created.byline.as_ref().unwrap();
                self.bylines
                    .remove(caller, byline.id, byline.version, None)
                    .await?;
            }
            TestWrite::MergeByline => {
                let byline = created.byline.as_ref().unwrap();
                let into = IdOrSlug::Slug(slug("eva"));
                self.bylines
                    .merge(caller, byline.id, byline.version, &into)
                    .await?;
            }
            TestWrite::UploadImage => {
                let path = Some("img/gato.png");
                let uploaded = upload(&self.images, caller, png(1), path).await?;
                created.image = Some(uploaded.image);
            }
            TestWrite::ReceiveFile => {
                let file = png(1);
                let (length, sha256) = (file.len() as u64, Digest::of(&file));
                let images = &self.images;
                let upload = images
                    .expect(caller, MediaType::Png, length, sha256)
                    .await?;
                let mut sent = images.receive_expected(upload.file).await?;
                sent.write(file).await?;
                sent.finish().await?;
                created.upload = Some(upload.file.name.id);
            }
            TestWrite::CompleteUpload => {
                let id = created.upload.unwrap();
                let description = ImageMetadata::default();
                let uploaded = self.images.complete(caller, id, description).await?;
                created.image = Some(uploaded.image);
            }
            TestWrite::DescribeImage => self.describe_image(created, caller).await?,
            TestWrite::DeleteImage => self.delete_image(created, caller).await?,
            TestWrite::RestoreImage => {
                let image = created.image.as_ref().unwrap();
                let base = VersionTag::of(image.version);
                let restored = self.images.restore(caller, image.id(), base).await?;
                created.image = Some(restored);
            }
            TestWrite::AdvanceTrash => self.site.clock.forward(31 * 24 * 3_600_000),
            TestWrite::EmptyTrash => {
                self.images.empty_trash().await?;
            }
            TestWrite::SweepImages => {
                let operations = &self.site.operations;
                let grace = std::time::Duration::ZERO;
                self.images.sweep(caller, operations, true, grace).await?;
            }
            TestWrite::CreateRedirect => {
                let new = NewRedirect {
                    from: "/a".parse().unwrap(),
                    target: RedirectTarget::Location("/b".parse().unwrap()),
                    permanent: true,
                };
                created.redirect = Some(self.redirects.create(caller, new).await?);
            }
            TestWrite::ChangeSite => self.change_site(caller).await?,
            TestWrite::DeleteRedirect => {
                let id = created.redirect.as_ref().unwrap().id;
                self.redirects.delete(caller, id).await?;
            }
            TestWrite::RequestUnknownAddress => {
                let resolved = self.redirects.resolve("/lost".parse().unwrap()).await;
                assert!(resolved.is_err());
            }
            TestWrite::StoreUnknownAddresses => {
                self.redirects.store_unknown_addresses().await?;
            }
            TestWrite::DismissUnknownAddress => {
                let path = "/lost".parse().unwrap();
                self.redirects
                    .dismiss_unknown_address(caller, &path)
                    .await?;
            }
            other => panic!("{other:?} does not write a reference"),
        }
        Ok(())
    }

    async fn change_site(&self, caller: &Caller) -> Result<()> {
        let patch = SitePatch {
            title: Some(Some("Cuaderno".parse().unwrap())),
            ..SitePatch::default()
        };
        let changed = self.site.sites.update(caller, Version::FIRST, patch);
        changed.await.map(drop)
    }

    async fn change_category(&self, created: &Created, caller: &Caller) -> Result<()> {
        let category = created.category.as_ref().unwrap();
        let patch = CategoryPatch {
            slug: Some(slug("cielo")),
            ..CategoryPatch::default()
        };
        let changed = self
            .categories
            .update(caller, category.id, category.version, patch);
        changed.await.map(drop)
    }

    async fn change_byline(&self, created: &Created, caller: &Caller) -> Result<()> {
        let byline = created.byline.as_ref().unwrap();
        let patch = BylinePatch {
            slug: Some(slug("luis")),
            ..BylinePatch::default()
        };
        let changed = self
            .bylines
            .update(caller, byline.id, byline.version, patch);
        changed.await.map(drop)
    }

    async fn delete_image(&self, created: &mut Created, caller: &Caller) -> Result<()> {
        let image = created.image.as_ref().unwrap();
        let base = VersionTag::of(image.version);
        self.images.trash(caller, image.id(), base, false).await?;
        let trashed = self.images.get_for(Some(caller), image.id()).await;
        created.image = Some(trashed?);
        Ok(())
    }

    async fn describe_image(&self, created: &Created, caller: &Caller) -> Result<()> {
        let image = created.image.as_ref().unwrap();
        let base = VersionTag::of(image.version);
        let patch = ImagePatch {
            alt: Some(Some("Otro gato".parse().unwrap())),
            ..ImagePatch::default()
        };
        let changed = self.images.update(caller, image.id(), base, patch);
        changed.await.map(drop)
    }
}
