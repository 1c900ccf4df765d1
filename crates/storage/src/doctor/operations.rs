//! Long operations: those that did not end have a note, by which runners find them, and no others.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::{Result, values::OperationId};

use super::{Doctor, Finding, Look, Rule, finding::Cure, repair::done};
use crate::{
    dynamo::Consistency,
    item::{Attributes, key_of},
    keys::{self, Subject, Table},
    operations,
    unit_of_work::{Condition, UnitOfWork},
};

impl Look<'_> {
    /// Operations that nobody would go on with, and notes that keep runners looking.
    pub(super) async fn operations(&self) -> Result<BTreeSet<Finding>> {
        let all = self.partition(Table::Operations, keys::operations());
        let identified = |item: Attributes| {
            let id = keys::read_operation(&key_of(&item)?.sk)?;
            Some((id, did_end(&item)))
        };
        let all: BTreeMap<_, _> = all.await?.into_iter().filter_map(identified).collect();
        let notes = self.partition(Table::Operations, keys::unfinished_operations());
        let of = |item: Attributes| keys::read_unfinished(&key_of(&item)?.sk);
        let notes: BTreeSet<_> = notes.await?.into_iter().filter_map(of).collect();
        let going_on = all.iter().filter(|(_, ended)| !**ended);
        let missing = going_on
            .filter(|(id, _)| !notes.contains(id))
            .map(|(id, _)| finding(*id, "is missing, and the operation did not end"));
        let superfluous = notes.iter().filter_map(|id| match all.get(id) {
            Some(false) => None,
            Some(true) => Some(finding(*id, "is of an operation that ended")),
            None => Some(finding(*id, "is of an operation that does not exist")),
        });
        Ok(missing.chain(superfluous).collect())
    }
}

impl Doctor {
    /// Writes the note of an operation that did not end, and removes that of any other.
    pub(super) async fn mend_operation(&self, id: OperationId) -> Result<bool> {
        let (operation, note) = (keys::operation(id), keys::unfinished_operation(id));
        let read =
            self.dynamo
                .get_attributes(Table::Operations, operation.clone(), Consistency::Strong);
        let goes_on = read.await?.is_some_and(|item| !did_end(&item));
        let act = self.act();
        let mut change = UnitOfWork::new(&self.dynamo, &act, Subject::Operation(id));
        if goes_on {
            let open = "attribute_exists(pk) AND attribute_not_exists(outcome)";
            let open = Condition::new(open, []);
            change.require_if(Table::Operations, operation, open, ())?;
            change.put(Table::Operations, operations::note(id)?)?;
        } else {
            let over = "attribute_not_exists(pk) OR attribute_exists(outcome)";
            let over = Condition::new(over, []);
            change.require_if(Table::Operations, operation, over, ())?;
            change.remove(Table::Operations, note)?;
        }
        done(change).await
    }
}

fn did_end(operation: &Attributes) -> bool {
    operation.contains_key("outcome")
}

fn finding(id: OperationId, detail: &str) -> Finding {
    let (place, cure) = (keys::unfinished_operation(id), Cure::Operation(id));
    Finding::new(Rule::Operations, place, detail, cure)
}
