use super::Read;
use super::body::Body;
use super::capacity::{CapacityAxis, TableUnits, read_units};
use crate::api_error::ApiError;
use crate::requests::GetItemRequest;
use crate::store::{Failure, Session};

/// `GetItem`.
pub(super) struct GetItem(GetItemRequest);

impl GetItem {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "constructors of operations may fail"
    )]
    pub(super) fn new(request: GetItemRequest) -> Result<Self, ApiError> {
        Ok(Self(request))
    }
}

impl Read for GetItem {
    fn run(&self, session: &Session) -> Result<String, Failure> {
        let request = &self.0;
        let table = session.table(&request.table_name)?;
        let key = table.definition.key.key_of_request(&request.key)?;
        let item = session.get(&table, &key)?.map(|found| found.stored);
        let mut body = Body::new();
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
