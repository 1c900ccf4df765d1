//! The operations of DynamoDB that the storage crate uses.
//!
//! 1. `reads` gets single items, `queries` ranges, `batches` several items.
//! 2. `item_write` prepares and makes one write; `single_writes`, `batches` and `transactions` use it.
//! 3. `tables` creates, changes, describes and deletes tables; `expiry` deletes expired items.
//! 4. `capacity` counts units; `body` builds responses.

mod batches;
mod body;
mod capacity;
mod expiry;
mod item_write;
mod key_schemas;
mod page;
mod queries;
mod reads;
mod single_writes;
mod table_views;
mod tables;
mod transactions;

use serde::de::DeserializeOwned;

pub(crate) use expiry::delete_expired_page;

use crate::api_error::{ErrorKind, RequestError};
use crate::requests;
use crate::store::{RequestFailure, SqlSession};

/// A valid request.
pub(crate) enum ParsedOperation {
    Read(ReadOperation),
    Write(WriteOperation),
}

pub(crate) type ReadOperation = Box<dyn ExecuteRead>;
pub(crate) type WriteOperation = Box<dyn ExecuteWrite>;

/// A request that reads.
pub(crate) trait ExecuteRead: Send {
    /// Returns the JSON of the response.
    fn run(&self, session: &SqlSession) -> Result<String, RequestFailure>;

    /// Whether the request reads so little that it may run on a thread of the async runtime.
    fn is_short(&self) -> bool {
        true
    }
}

/// A request that writes.
pub(crate) trait ExecuteWrite: Send {
    /// Makes the changes in the open transaction and returns the JSON of the response.
    fn run(self: Box<Self>, session: &SqlSession) -> Result<String, RequestFailure>;
}

impl ParsedOperation {
    /// Parses and validates a request.
    pub(crate) fn parse(operation: &str, body: &[u8]) -> Result<Self, RequestError> {
        let raw = RawRequest { operation, body };
        match operation {
            "GetItem" => raw.read(reads::GetItem::new),
            "Query" => raw.read(queries::Query::new),
            "Scan" => raw.read(queries::Scan::new),
            "BatchGetItem" => raw.read(batches::BatchGet::new),
            "PutItem" => raw.write(single_writes::SingleWrite::put),
            "UpdateItem" => raw.write(single_writes::SingleWrite::update),
            "DeleteItem" => raw.write(single_writes::SingleWrite::delete),
            "BatchWriteItem" => raw.write(batches::BatchWrite::new),
            "TransactWriteItems" => raw.write(transactions::Transaction::new),
            "CreateTable" => raw.write(tables::CreateTable::new),
            "UpdateTable" => raw.write(tables::UpdateTable::new),
            "DeleteTable" => raw.write(tables::DeleteTable::new),
            "UpdateTimeToLive" => raw.write(tables::UpdateTimeToLive::new),
            "DescribeTable" => raw.read(tables::DescribeTable::new),
            "DescribeTimeToLive" => raw.read(tables::DescribeTimeToLive::new),
            "ListTables" => raw.read(tables::ListTables::new),
            _ => Err(RequestError::new(
                ErrorKind::UnknownOperation,
                format!("the embedded engine does not support the operation {operation}"),
            )),
        }
    }
}

struct RawRequest<'a> {
    operation: &'a str,
    body: &'a [u8],
}

impl RawRequest<'_> {
    fn read<Q: DeserializeOwned, O: ExecuteRead + 'static>(
        self,
        new: impl FnOnce(Q) -> Result<O, RequestError>,
    ) -> Result<ParsedOperation, RequestError> {
        let request = requests::parse(self.operation, self.body)?;
        Ok(ParsedOperation::Read(Box::new(new(request)?)))
    }

    fn write<Q: DeserializeOwned, O: ExecuteWrite + 'static>(
        self,
        new: impl FnOnce(Q) -> Result<O, RequestError>,
    ) -> Result<ParsedOperation, RequestError> {
        let request = requests::parse(self.operation, self.body)?;
        Ok(ParsedOperation::Write(Box::new(new(request)?)))
    }
}
