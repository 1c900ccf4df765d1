use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::{ApiResult, Client, ListedImage};

/// The names of categories and bylines and the paths of images, by id.
#[derive(Debug, Default)]
pub(super) struct ExportNames {
    pub(super) categories: BTreeMap<String, String>,
    pub(super) bylines: BTreeMap<String, String>,
    pub(super) images: BTreeMap<String, ListedImage>,
}

impl ExportNames {
    pub(super) async fn read(client: &Client) -> ApiResult<Self> {
        let categories = client.list_categories().await?.into_iter();
        let bylines = client.list_bylines().await?.into_iter();
        let images = client.list_images().await?.into_iter();
        Ok(Self {
            categories: categories
                .map(|category| (category.id, category.name))
                .collect(),
            bylines: bylines.map(|byline| (byline.id, byline.name)).collect(),
            images: images.map(|image| (image.id.clone(), image)).collect(),
        })
    }

    /// The names of a list of ids. Unknown ids are left out.
    pub(super) fn named(names: &BTreeMap<String, String>, ids: Option<&Value>) -> Value {
        let ids = ids.and_then(Value::as_array).into_iter().flatten();
        let ids = ids.filter_map(Value::as_str);
        ids.filter_map(|id| names.get(id).map(String::as_str))
            .collect()
    }

    /// The path of an image in the exported folder, with a slash at its start.
    pub(super) fn image_path(&self, id: Option<&Value>) -> Value {
        let image = id
            .and_then(Value::as_str)
            .and_then(|id| self.images.get(id));
        image.map_or(Value::Null, |image| {
            format!("/{}", image.export_path()).into()
        })
    }
}
