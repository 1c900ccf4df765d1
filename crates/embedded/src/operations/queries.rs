use super::ExecuteRead;
use super::capacity::{TableUnits, read_units};
use super::page::{PageSource, ResultPage};
use crate::api_error::RequestError;
use crate::expressions::{KeyBounds, Substitutions};
use crate::item::{Item, KeySchema};
use crate::requests::{QueryRequest, ScanRequest};
use crate::store::{Index, IndexPosition, RequestFailure, ScanDirection, SqlSession, Table};

/// A query with at most this limit runs on the thread of its caller.
const SHORT_LIMIT: usize = 128;

/// `Query`.
pub(super) struct Query {
    request: QueryRequest,
    condition: String,
    limit: Option<usize>,
    direction: ScanDirection,
}

impl Query {
    pub(super) fn new(mut request: QueryRequest) -> Result<Self, RequestError> {
        let condition = request.key_condition_expression.take().ok_or_else(|| {
            RequestError::validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in \
                 the request.",
            )
        })?;
        let direction = match request.scan_index_forward {
            Some(false) => ScanDirection::Descending,
            Some(true) | None => ScanDirection::Ascending,
        };
        Ok(Self {
            limit: limit(request.limit)?,
            condition,
            direction,
            request,
        })
    }

    fn range(&self, schema: &KeySchema) -> Result<KeyBounds, RequestError> {
        let request = &self.request;
        let substitutions = Substitutions::new(
            request.expression_attribute_names.as_ref(),
            request.expression_attribute_values.as_ref(),
        )?;
        let range = KeyBounds::parse(&self.condition, &substitutions, schema)?;
        substitutions.finish()?;
        Ok(range)
    }

    fn read_table(
        &self,
        session: &SqlSession,
        table: &Table,
    ) -> Result<ResultPage, RequestFailure> {
        let schema = &table.definition.key;
        let range = self.range(schema)?;
        let start = self.request.exclusive_start_key.as_ref();
        let start = start.map(|key| schema.key_of_request(key)).transpose()?;
        if let Some(start) = &start {
            range.check_start(&start.partition, &start.sort)?;
        }
        let mut page = ResultPage::new(self.limit);
        session.each_of_partition(
            table,
            &range,
            start.as_ref().map(|key| key.sort.as_str()),
            self.direction,
            |item| Ok(page.push(&item)),
        )?;
        Ok(page)
    }

    fn read_index(
        &self,
        session: &SqlSession,
        table: &Table,
        index: &Index,
    ) -> Result<ResultPage, RequestFailure> {
        let range = self.range(&index.definition.key)?;
        let start = self.request.exclusive_start_key.as_ref();
        let start = start
            .map(|key| index_position(key, (table, index), &range))
            .transpose()?;
        let mut page = ResultPage::new(self.limit);
        page.index_partition.clone_from(&range.partition);
        session.each_of_index(
            (table, index),
            &range,
            start.as_ref(),
            self.direction,
            |item| Ok(page.push(&item)),
        )?;
        Ok(page)
    }
}

impl ExecuteRead for Query {
    fn run(&self, session: &SqlSession) -> Result<String, RequestFailure> {
        let request = &self.request;
        let table = session.table(&request.table_name)?;
        let Some(name) = &request.index_name else {
            let page = self.read_table(session, &table)?;
            let units = read_units(page.bytes, request.consistent_read);
            let source = PageSource::Table(&table);
            return page.body(
                source,
                TableUnits::of_table(units),
                request.return_consumed_capacity,
            );
        };
        let index = table.index(name).ok_or_else(|| {
            RequestError::validation(format!(
                "The table does not have the specified index: {name}"
            ))
        })?;
        if request.consistent_read {
            let reason = "Consistent reads are not supported on global secondary indexes";
            return Err(RequestError::validation(reason).into());
        }
        let page = self.read_index(session, &table, index)?;
        let units = TableUnits::of_index(name, read_units(page.bytes, false));
        let source = PageSource::Index(&table, index);
        page.body(source, units, request.return_consumed_capacity)
    }

    fn is_short(&self) -> bool {
        self.limit.is_some_and(|limit| limit <= SHORT_LIMIT)
    }
}

/// `Scan`.
pub(super) struct Scan {
    request: ScanRequest,
    limit: Option<usize>,
}

impl Scan {
    pub(super) fn new(request: ScanRequest) -> Result<Self, RequestError> {
        Ok(Self {
            limit: limit(request.limit)?,
            request,
        })
    }
}

impl ExecuteRead for Scan {
    fn run(&self, session: &SqlSession) -> Result<String, RequestFailure> {
        let request = &self.request;
        let table = session.table(&request.table_name)?;
        let start = request.exclusive_start_key.as_ref();
        let start = start.map(|key| table.definition.key.key_of_request(key));
        let start = start.transpose()?;
        let mut page = ResultPage::new(self.limit);
        session.each_of_table(&table, start.as_ref(), |item| Ok(page.push(&item)))?;
        let units = TableUnits::of_table(read_units(page.bytes, request.consistent_read));
        let source = PageSource::Table(&table);
        page.body(source, units, request.return_consumed_capacity)
    }

    fn is_short(&self) -> bool {
        false
    }
}

fn limit(limit: Option<i32>) -> Result<Option<usize>, RequestError> {
    let Some(limit) = limit else {
        return Ok(None);
    };
    match usize::try_from(limit) {
        Ok(limit) if limit > 0 => Ok(Some(limit)),
        _ => Err(RequestError::validation(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: \
             Member must have value greater than or equal to 1"
        ))),
    }
}

/// The position after an exclusive start key, which has the key attributes of the table and the index.
fn index_position(
    start: &Item,
    (table, index): (&Table, &Index),
    range: &KeyBounds,
) -> Result<IndexPosition, RequestError> {
    let invalid = || RequestError::validation("The provided starting key is invalid");
    let (key, own) = (&table.definition.key, &index.definition);
    let at = own
        .key
        .index_key_of(&own.name, start)?
        .ok_or_else(invalid)?;
    range.check_start(&at.partition, &at.sort)?;
    Ok(IndexPosition {
        index_sort: at.sort,
        key: key.key_of_item(start)?,
    })
}
