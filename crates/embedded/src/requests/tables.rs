use serde::Deserialize;

use crate::item::KeyRole;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct CreateTableRequest {
    pub(crate) table_name: String,
    pub(crate) attribute_definitions: Vec<AttributeDefinition>,
    pub(crate) key_schema: Vec<KeyElement>,
    #[serde(default)]
    pub(crate) global_secondary_indexes: Vec<IndexRequest>,
    pub(crate) billing_mode: Option<String>,
    #[serde(default)]
    pub(crate) deletion_protection_enabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AttributeDefinition {
    pub(crate) attribute_name: String,
    pub(crate) attribute_type: KeyRole,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct KeyElement {
    pub(crate) attribute_name: String,
    pub(crate) key_type: KeyType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum KeyType {
    Hash,
    Range,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct IndexRequest {
    pub(crate) index_name: String,
    pub(crate) key_schema: Vec<KeyElement>,
    pub(crate) projection: ProjectionRequest,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct ProjectionRequest {
    pub(crate) projection_type: Option<String>,
}

/// `DescribeTable`, `DeleteTable` and `DescribeTimeToLive`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct DescribeTableRequest {
    pub(crate) table_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct ListTablesRequest {
    pub(crate) exclusive_start_table_name: Option<String>,
    pub(crate) limit: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct UpdateTableRequest {
    pub(crate) table_name: String,
    #[serde(default)]
    pub(crate) attribute_definitions: Vec<AttributeDefinition>,
    #[serde(default)]
    pub(crate) global_secondary_index_updates: Vec<IndexUpdate>,
    pub(crate) stream_specification: Option<StreamSpecification>,
    pub(crate) deletion_protection_enabled: Option<bool>,
}

/// A change of one index.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum IndexUpdate {
    Create(IndexRequest),
    Delete {
        #[serde(rename = "IndexName")]
        index_name: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct StreamSpecification {
    pub(crate) stream_enabled: bool,
    pub(crate) stream_view_type: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct UpdateTimeToLiveRequest {
    pub(crate) table_name: String,
    pub(crate) time_to_live_specification: TimeToLiveSpecification,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct TimeToLiveSpecification {
    pub(crate) enabled: bool,
    pub(crate) attribute_name: String,
}
