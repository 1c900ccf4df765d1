use serde_json::json;

use super::body::ResponseBody;
use super::key_schemas::KeySchemas;
use super::table_views::description;
use super::{ExecuteRead, ExecuteWrite};
use crate::api_error::{ErrorKind, RequestError};
use crate::item::Item;
use crate::requests::{
    CreateTableRequest, DescribeTableRequest, IndexRequest, IndexUpdate, ListTablesRequest,
    StreamSpecification, UpdateTableRequest, UpdateTimeToLiveRequest,
};
use crate::store::{IndexDefinition, RequestFailure, SqlSession, Table, TableDefinition};

/// Number of table names of a response.
const MAX_NAMES: usize = 100;

/// `CreateTable`.
pub(super) struct CreateTable {
    name: String,
    definition: TableDefinition,
}

impl CreateTable {
    pub(super) fn new(request: CreateTableRequest) -> Result<Self, RequestError> {
        if request.billing_mode.as_deref() != Some("PAY_PER_REQUEST") {
            let reason = "the embedded engine supports only the billing mode PAY_PER_REQUEST";
            return Err(RequestError::validation(reason));
        }
        let schemas = KeySchemas::new(&request.attribute_definitions);
        let mut definition = TableDefinition {
            key: schemas.parse(&request.key_schema)?,
            indexes: Vec::new(),
            next_index: 0,
            time_to_live: None,
            stream_view: None,
            is_protected: request.deletion_protection_enabled,
            created_at: 0,
        };
        for index in request.global_secondary_indexes {
            let index = index_definition(&schemas, index)?;
            definition.add_index(index)?;
        }
        Ok(Self {
            name: request.table_name,
            definition,
        })
    }
}

fn index_definition(
    schemas: &KeySchemas<'_>,
    request: IndexRequest,
) -> Result<IndexDefinition, RequestError> {
    if request.projection.projection_type.as_deref() != Some("ALL") {
        let reason = "the embedded engine supports only the projection type ALL";
        return Err(RequestError::validation(reason));
    }
    Ok(IndexDefinition {
        number: 0,
        key: schemas.parse(&request.key_schema)?,
        name: request.index_name,
    })
}

impl ExecuteWrite for CreateTable {
    fn run(self: Box<Self>, session: &SqlSession) -> Result<String, RequestFailure> {
        if session.find_table(&self.name)?.is_some() {
            let message = format!("Table already exists: {}", self.name);
            return Err(RequestError::new(ErrorKind::ResourceInUse, message).into());
        }
        let mut definition = self.definition.clone();
        definition.created_at = session.now()?;
        let table = session.create_table(&self.name, definition)?;
        described("TableDescription", &table, "ACTIVE")
    }
}

fn described(member: &str, table: &Table, status: &str) -> Result<String, RequestFailure> {
    let mut body = ResponseBody::new();
    body.value(member, &description(table, status))?;
    Ok(body.finish())
}

/// `DescribeTable`.
pub(super) struct DescribeTable(String);

impl DescribeTable {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "constructors of operations may fail"
    )]
    pub(super) fn new(request: DescribeTableRequest) -> Result<Self, RequestError> {
        Ok(Self(request.table_name))
    }
}

impl ExecuteRead for DescribeTable {
    fn run(&self, session: &SqlSession) -> Result<String, RequestFailure> {
        described("Table", &*session.described_table(&self.0)?, "ACTIVE")
    }
}

/// `DeleteTable`.
pub(super) struct DeleteTable(String);

impl DeleteTable {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "constructors of operations may fail"
    )]
    pub(super) fn new(request: DescribeTableRequest) -> Result<Self, RequestError> {
        Ok(Self(request.table_name))
    }
}

impl ExecuteWrite for DeleteTable {
    fn run(self: Box<Self>, session: &SqlSession) -> Result<String, RequestFailure> {
        let table = session.described_table(&self.0)?;
        if table.definition.is_protected {
            return Err(RequestError::validation(format!(
                "Resource cannot be deleted as it is currently protected against deletion. Disable \
                 deletion protection first: {}",
                self.0
            ))
            .into());
        }
        session.delete_table(&table)?;
        described("TableDescription", &table, "DELETING")
    }
}

/// `UpdateTable`.
pub(super) struct UpdateTable {
    name: String,
    created: Vec<IndexDefinition>,
    deleted: Vec<String>,
    stream: Option<StreamSpecification>,
    is_protected: Option<bool>,
}

impl UpdateTable {
    pub(super) fn new(request: UpdateTableRequest) -> Result<Self, RequestError> {
        let schemas = KeySchemas::new(&request.attribute_definitions);
        let (mut created, mut deleted) = (Vec::new(), Vec::new());
        for update in request.global_secondary_index_updates {
            match update {
                IndexUpdate::Create(index) => created.push(index_definition(&schemas, index)?),
                IndexUpdate::Delete { index_name } => deleted.push(index_name),
            }
        }
        Ok(Self {
            name: request.table_name,
            created,
            deleted,
            stream: request.stream_specification,
            is_protected: request.deletion_protection_enabled,
        })
    }
}

impl ExecuteWrite for UpdateTable {
    fn run(self: Box<Self>, session: &SqlSession) -> Result<String, RequestFailure> {
        let mut table = session.described_table(&self.name)?;
        let mut definition = table.definition.clone();
        if let Some(is_protected) = self.is_protected {
            definition.is_protected = is_protected;
        }
        if let Some(stream) = &self.stream {
            definition.stream_view = stream
                .stream_view_type
                .clone()
                .filter(|_| stream.stream_enabled);
        }
        if definition != table.definition {
            table = session.redefine(&table, definition)?;
        }
        for name in &self.deleted {
            let index = table.index(name).ok_or_else(|| {
                let message = "Requested resource not found";
                RequestError::new(ErrorKind::ResourceNotFound, message)
            })?;
            table = session.drop_index(&table, index)?;
        }
        for index in &self.created {
            table = session.add_index(&table, index.clone())?;
            fill_index(session, &table, &index.name)?;
        }
        described("TableDescription", &table, "ACTIVE")
    }
}

/// Inserts the entries of a new index. Items without valid key attributes get none.
fn fill_index(session: &SqlSession, table: &Table, name: &str) -> Result<(), RequestFailure> {
    let Some(index) = table.index(name) else {
        return Ok(());
    };
    session.each_of_table(table, None, |found| {
        let item = Item::parse(found.json.as_bytes())?;
        if let Ok(Some(at)) = index.definition.key.index_key_of(name, &item) {
            let key = table.definition.key.key_of_item(&item)?;
            session.insert_entry(index, &at, &key, found.id)?;
        }
        Ok(true)
    })
}

/// `UpdateTimeToLive`.
pub(super) struct UpdateTimeToLive(UpdateTimeToLiveRequest);

impl UpdateTimeToLive {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "constructors of operations may fail"
    )]
    pub(super) fn new(request: UpdateTimeToLiveRequest) -> Result<Self, RequestError> {
        Ok(Self(request))
    }
}

impl ExecuteWrite for UpdateTimeToLive {
    fn run(self: Box<Self>, session: &SqlSession) -> Result<String, RequestFailure> {
        let wanted = &self.0.time_to_live_specification;
        let table = session.described_table(&self.0.table_name)?;
        let current = table.definition.time_to_live.as_ref();
        match (current, wanted.enabled) {
            (Some(_), true) => {
                return Err(RequestError::validation("TimeToLive is already enabled").into());
            }
            (None, false) => {
                return Err(RequestError::validation("TimeToLive is already disabled").into());
            }
            (Some(attribute), false) if *attribute != wanted.attribute_name => {
                return Err(RequestError::validation(format!(
                    "TimeToLive is active on a different AttributeName: current AttributeName is \
                     {attribute}"
                ))
                .into());
            }
            (None, true) | (Some(_), false) => {}
        }
        let attribute = wanted.enabled.then(|| wanted.attribute_name.clone());
        session.set_time_to_live(&table, attribute)?;
        let mut body = ResponseBody::new();
        let view = json!({ "AttributeName": wanted.attribute_name, "Enabled": wanted.enabled });
        body.value("TimeToLiveSpecification", &view)?;
        Ok(body.finish())
    }
}

/// `DescribeTimeToLive`.
pub(super) struct DescribeTimeToLive(String);

impl DescribeTimeToLive {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "constructors of operations may fail"
    )]
    pub(super) fn new(request: DescribeTableRequest) -> Result<Self, RequestError> {
        Ok(Self(request.table_name))
    }
}

impl ExecuteRead for DescribeTimeToLive {
    fn run(&self, session: &SqlSession) -> Result<String, RequestFailure> {
        let table = session.described_table(&self.0)?;
        let view = match &table.definition.time_to_live {
            Some(attribute) => {
                json!({ "TimeToLiveStatus": "ENABLED", "AttributeName": attribute })
            }
            None => json!({ "TimeToLiveStatus": "DISABLED" }),
        };
        let mut body = ResponseBody::new();
        body.value("TimeToLiveDescription", &view)?;
        Ok(body.finish())
    }
}

/// `ListTables`.
pub(super) struct ListTables {
    start: String,
    limit: usize,
}

impl ListTables {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "constructors of operations may fail"
    )]
    pub(super) fn new(request: ListTablesRequest) -> Result<Self, RequestError> {
        let limit = request.limit.map(usize::try_from).and_then(Result::ok);
        Ok(Self {
            start: request.exclusive_start_table_name.unwrap_or_default(),
            limit: limit.unwrap_or(MAX_NAMES).min(MAX_NAMES),
        })
    }
}

impl ExecuteRead for ListTables {
    fn run(&self, session: &SqlSession) -> Result<String, RequestFailure> {
        let mut names = session.table_names(&self.start, self.limit + 1)?;
        let has_more = names.len() > self.limit;
        names.truncate(self.limit);
        let mut body = ResponseBody::new();
        body.value("TableNames", &names)?;
        if has_more {
            body.optional("LastEvaluatedTableName", names.last())?;
        }
        Ok(body.finish())
    }
}
