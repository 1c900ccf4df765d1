use super::ExecuteRead;
use super::body::ResponseBody;
use super::capacity::{CapacityAxis, TableUnits, read_units};
use crate::api_error::RequestError;
use crate::requests::GetItemRequest;
use crate::store::{RequestFailure, SqlSession};

/// `GetItem`.
pub(super) struct GetItem(GetItemRequest);

impl GetItem {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "constructors of operations may fail"
    )]
    pub(super) fn new(request: GetItemRequest) -> Result<Self, RequestError> {
        Ok(Self(request))
    }
}

impl ExecuteRead for GetItem {
    fn run(&self, session: &SqlSession) -> Result<String, RequestFailure> {
        let request = &self.0;
        let table = session.table(&request.table_name)?;
        let key = table.definition.key.key_of_request(&request.key)?;
        let item = session.get(&table, &key)?.map(|found| found.stored);
        let mut body = ResponseBody::new();
        let size = item.as_ref().map_or(0, |item| item.size);
        if let Some(item) = item {
            body.json("Item", &item.json);
        }
        let units = TableUnits::of_table(read_units(size, request.consistent_read));
        let consumed = units.consumed(
            &request.table_name,
            request.return_consumed_capacity,
            CapacityAxis::Plain,
        );
        body.optional("ConsumedCapacity", consumed.as_ref())?;
        Ok(body.finish())
    }
}
