//! The envelope of every item: key, entity type and schema version.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, Error as _, IntoDeserializer as _},
};
use tintero_domain::{Error, Result};

use crate::keys::ItemKey;

/// The attributes of one item.
pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// The type of an item, stored in the attribute `et`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntityType {
    Post,
    Revision,
    Autosave,
    #[serde(rename = "piece")]
    Chunk,
    Claim,
    OldPath,
    Source,
    PublicRow,
    User,
    Email,
    Invitation,
    Founder,
    Identity,
    IdentityRow,
    Session,
    SessionRow,
    PasswordReset,
    SignInChallenge,
    FactorEnrolment,
    Attempts,
    ApiKey,
    Audit,
    #[serde(rename = "effect")]
    IdempotencyRecord,
    Category,
    #[serde(rename = "retired_category")]
    CategoryTombstone,
    CategorySlug,
    CategoryCount,
    #[serde(rename = "retired_tag")]
    TagTombstone,
    TagCount,
    BylineTombstone,
    BylineCount,
    #[serde(rename = "trace")]
    PendingCleanup,
    TreeVersion,
    Byline,
    BylineSlug,
    WaitingPost,
    Image,
    ImagePath,
    ImageSpellings,
    ImageDigest,
    ImageRow,
    ImageFile,
    ImageUse,
    ImageUseRecording,
    ByteRemoval,
    Operation,
    UnfinishedOperation,
    Redirect,
    RedirectRow,
    Translation,
    TranslationCount,
    PublicChange,
    ChangesStart,
    UnknownAddresses,
    SiteSettings,
    LinkUse,
    LinkProgress,
}

impl EntityType {
    /// The value of `et`, for updates of single attributes.
    pub(crate) fn attribute(self) -> Result<AttributeValue> {
        serde_dynamo::to_attribute_value(self).map_err(unwritable)
    }
}

/// An item with the attributes of `T`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item<T> {
    pub(crate) pk: String,
    pub(crate) sk: String,
    #[serde(rename = "et")]
    pub(crate) entity: EntityType,
    /// Version of the form of the attributes, for reading old items.
    #[serde(rename = "sv")]
    pub(crate) schema_version: u8,
    #[serde(flatten)]
    pub(crate) body: T,
}

impl<T> Item<T> {
    pub(crate) fn new(key: ItemKey, entity: EntityType, body: T) -> Self {
        Self {
            pk: key.pk,
            sk: key.sk,
            entity,
            schema_version: 1,
            body,
        }
    }

    pub(crate) fn key(&self) -> ItemKey {
        ItemKey {
            pk: self.pk.clone(),
            sk: self.sk.clone(),
        }
    }
}

/// The type of an item, if it has a valid one.
pub(crate) fn entity(item: &Attributes) -> Option<EntityType> {
    let name = item.get("et")?.as_s().ok()?;
    EntityType::deserialize(name.as_str().into_deserializer())
        .map_err(drop::<serde::de::value::Error>)
        .ok()
}

/// Encodes a value.
pub(crate) fn encode<T: Serialize>(value: T) -> Result<Attributes> {
    serde_dynamo::to_item(value).map_err(unwritable)
}

fn unwritable(source: serde_dynamo::Error) -> Error {
    Error::Corrupt {
        what: "item to be written".to_owned(),
        source: Box::new(source),
    }
}

/// Decodes an item. The error contains its key.
pub(crate) fn decode<T: DeserializeOwned>(item: Attributes) -> Result<T> {
    let [entity, pk, sk] = ["et", "pk", "sk"].map(|name| text(item.get(name)));
    serde_dynamo::from_item(item).map_err(|source| unreadable(&entity, (&pk, &sk), source))
}

/// Decodes the attributes of an item without its envelope. Cheaper than `Item<T>`, whose attributes are
/// first collected and then decoded.
pub(crate) fn decode_body<T: DeserializeOwned>(mut item: Attributes) -> Result<T> {
    let envelope = ["et", "pk", "sk", "sv"].map(|name| item.remove(name));
    let is_whole = envelope.iter().all(Option::is_some);
    let [entity, pk, sk, _] = envelope.each_ref().map(|value| text(value.as_ref()));
    if !is_whole {
        let error = serde_dynamo::Error::custom("the item has no envelope");
        return Err(unreadable(&entity, (&pk, &sk), error));
    }
    serde_dynamo::from_item(item).map_err(|source| unreadable(&entity, (&pk, &sk), source))
}

fn text(value: Option<&AttributeValue>) -> String {
    match value {
        Some(AttributeValue::S(text)) => text.clone(),
        _ => "?".to_owned(),
    }
}

fn unreadable(entity: &str, (pk, sk): (&str, &str), source: serde_dynamo::Error) -> Error {
    Error::Corrupt {
        what: format!("{entity} {pk} / {sk}"),
        source: Box::new(source),
    }
}

/// The key of an item.
pub(crate) fn key_of(item: &Attributes) -> Option<ItemKey> {
    let part = |name| match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text.clone()),
        _ => None,
    };
    Some(ItemKey {
        pk: part("pk")?,
        sk: part("sk")?,
    })
}
