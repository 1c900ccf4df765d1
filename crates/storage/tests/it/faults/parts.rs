//! Writes of what posts refer to, and of redirects.

use tintero_domain::{
    Result,
    access::Caller,
    bylines::{BylinePatch, NewByline},
    categories::{CategoryPatch, NewCategory},
    images::ImagePatch,
    redirects::{NewRedirect, Target},
    values::VersionTag,
};

use super::{
    deeds::Deed,
    stage::{Memory, Stage},
};
use crate::{
    images::{png, upload},
    site::slug,
    taxonomy::{new_byline, new_category},
};

impl Stage {
    pub(super) async fn take_part(
        &self,
        memory: &mut Memory,
        deed: Deed,
        caller: &Caller,
    ) -> Result<()> {
        match deed {
            Deed::CreateCategory => {
                let new: NewCategory = new_category("Nube", None);
                let filed = self.categories.create(caller, new).await?;
                memory.category = Some(filed.category);
            }
            Deed::ChangeCategory => self.change_category(memory, caller).await?,
            Deed::CreateByline => {
                let new: NewByline = new_byline("Ana");
                memory.byline = Some(self.bylines.create(caller, new).await?);
            }
            Deed::ChangeByline => self.change_byline(memory, caller).await?,
            Deed::UploadImage => {
                let path = Some("img/gato.png");
                let uploaded = upload(&self.images, caller, png(1), path).await?;
                memory.image = Some(uploaded.image);
            }
            Deed::DescribeImage => self.describe_image(memory, caller).await?,
            Deed::CreateRedirect => {
                let new = NewRedirect {
                    from: "/a".parse().unwrap(),
                    target: Target::Place("/b".parse().unwrap()),
                    permanent: true,
                };
                memory.redirect = Some(self.redirects.create(caller, new).await?);
            }
            Deed::DeleteRedirect => {
                let id = memory.redirect.as_ref().unwrap().id;
                self.redirects.delete(caller, id).await?;
            }
            other => panic!("{other:?} is no write of a part"),
        }
        Ok(())
    }

    async fn change_category(&self, memory: &Memory, caller: &Caller) -> Result<()> {
        let category = memory.category.as_ref().unwrap();
        let patch = CategoryPatch {
            slug: Some(slug("cielo")),
            ..CategoryPatch::default()
        };
        let changed = self
            .categories
            .update(caller, category.id, category.version, patch);
        changed.await.map(drop)
    }

    async fn change_byline(&self, memory: &Memory, caller: &Caller) -> Result<()> {
        let byline = memory.byline.as_ref().unwrap();
        let patch = BylinePatch {
            slug: Some(slug("luis")),
            ..BylinePatch::default()
        };
        let changed = self
            .bylines
            .update(caller, byline.id, byline.version, patch);
        changed.await.map(drop)
    }

    async fn describe_image(&self, memory: &Memory, caller: &Caller) -> Result<()> {
        let image = memory.image.as_ref().unwrap();
        let base = VersionTag::of(image.version);
        let patch = ImagePatch {
            alt: Some(Some("Otro gato".parse().unwrap())),
        };
        let changed = self.images.update(caller, image.id(), base, patch);
        changed.await.map(drop)
    }
}
