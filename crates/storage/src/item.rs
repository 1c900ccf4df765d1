//! The envelope of every item: its key, what it is, and how its attributes are to be read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IntoDeserializer as _},
};
use tintero_domain::{Error, Result};

use crate::keys::Key;

/// The attributes of one item.
pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// What an item is; written as `et`, so that a person who looks into a table understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntityType {
    Post,
    Revision,
    Autosave,
    Piece,
    Claim,
    OldPath,
    Source,
    PublicRow,
    User,
    Email,
    Founder,
    Session,
    ApiKey,
    Audit,
    Effect,
    Category,
    RetiredCategory,
    CategorySlug,
    CategoryCount,
    RetiredTag,
    TagCount,
    Trace,
    TreeVersion,
    Byline,
    BylineSlug,
    WaitingPost,
    Image,
    ImagePath,
    ImageSpellings,
    ImageDigest,
    ImageRow,
    Operation,
    UnfinishedOperation,
    Redirect,
    RedirectRow,
    Translation,
    TranslationCount,
}

impl EntityType {
    /// The value of `et`, for items that are changed without being written whole.
    pub(crate) fn attribute(self) -> Result<AttributeValue> {
        serde_dynamo::to_attribute_value(self).map_err(unwritable)
    }
}

/// An item whose attributes beside the key are those of `T`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item<T> {
    pub(crate) pk: String,
    pub(crate) sk: String,
    #[serde(rename = "et")]
    pub(crate) entity: EntityType,
    /// How to read the attributes; a later form of them counts up, and old items stay readable.
    #[serde(rename = "sv")]
    pub(crate) schema_version: u8,
    #[serde(flatten)]
    pub(crate) body: T,
}

impl<T> Item<T> {
    pub(crate) fn new(key: Key, entity: EntityType, body: T) -> Self {
        Self {
            pk: key.pk,
            sk: key.sk,
            entity,
            schema_version: 1,
            body,
        }
    }

    /// Where the item lies.
    pub(crate) fn key(&self) -> Key {
        Key {
            pk: self.pk.clone(),
            sk: self.sk.clone(),
        }
    }
}

/// What an item says to be, where it says so.
pub(crate) fn entity(item: &Attributes) -> Option<EntityType> {
    let name = item.get("et")?.as_s().ok()?;
    EntityType::deserialize(name.as_str().into_deserializer())
        .map_err(drop::<serde::de::value::Error>)
        .ok()
}

/// The attributes of a value that we made ourselves.
pub(crate) fn encode<T: Serialize>(value: T) -> Result<Attributes> {
    serde_dynamo::to_item(value).map_err(unwritable)
}

fn unwritable(source: serde_dynamo::Error) -> Error {
    Error::Corrupt {
        what: "item to be written".to_owned(),
        source: Box::new(source),
    }
}

/// Reads an item; one that cannot be read names itself.
pub(crate) fn decode<T: DeserializeOwned>(item: Attributes) -> Result<T> {
    let name = |attribute| match item.get(attribute) {
        Some(AttributeValue::S(text)) => text.clone(),
        _ => "?".to_owned(),
    };
    let what = format!("{} {} / {}", name("et"), name("pk"), name("sk"));
    serde_dynamo::from_item(item).map_err(|source| Error::Corrupt {
        what,
        source: Box::new(source),
    })
}

/// Where an item lies that was read.
pub(crate) fn key_of(item: &Attributes) -> Option<Key> {
    let part = |name| match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text.clone()),
        _ => None,
    };
    Some(Key {
        pk: part("pk")?,
        sk: part("sk")?,
    })
}
