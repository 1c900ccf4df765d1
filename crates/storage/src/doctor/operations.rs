//! Operations: runners find unfinished operations by their markers; other operations have no marker.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::{Result, values::OperationId};

use super::{Check, Doctor, DoctorFinding, DoctorRule, finding::Fix};
use crate::{
    dynamo::Consistency,
    item::{Attributes, key_of},
    keys::{self, AuditSubject, Table},
    operations,
    unit_of_work::{Condition, UnitOfWork},
};

impl Check<'_> {
    /// Finds unfinished operations without a marker, and markers of other operations.
    pub(super) async fn operations(&self) -> Result<BTreeSet<DoctorFinding>> {
        let all = self.partition(Table::Operations, keys::operations());
        let identified = |item: Attributes| {
            let id = keys::parse_operation(&key_of(&item)?.sk)?;
            Some((id, is_finished(&item)))
        };
        let all: BTreeMap<_, _> = all.await?.into_iter().filter_map(identified).collect();
        let notes = self.partition(Table::Operations, keys::unfinished_operations());
        let of = |item: Attributes| keys::parse_unfinished(&key_of(&item)?.sk);
        let notes: BTreeSet<_> = notes.await?.into_iter().filter_map(of).collect();
        let open = all.iter().filter(|(_, ended)| !**ended);
        let missing = open
            .filter(|(id, _)| !notes.contains(id))
            .map(|(id, _)| finding(*id, "is missing, but the operation is unfinished"));
        let superfluous = notes.iter().filter_map(|id| match all.get(id) {
            Some(false) => None,
            Some(true) => Some(finding(*id, "belongs to a finished operation")),
            None => Some(finding(*id, "belongs to an operation that does not exist")),
        });
        Ok(missing.chain(superfluous).collect())
    }
}

impl Doctor {
    /// Writes the marker of an unfinished operation, or deletes the marker of another.
    pub(super) async fn repair_operation(&self, id: OperationId) -> Result<bool> {
        let (operation, note) = (keys::operation(id), keys::unfinished_operation(id));
        let read =
            self.dynamo
                .get_attributes(Table::Operations, operation.clone(), Consistency::Strong);
        let unfinished = read.await?.is_some_and(|item| !is_finished(&item));
        let context = self.context();
        let mut change = UnitOfWork::new(&self.dynamo, &context, AuditSubject::Operation(id));
        if unfinished {
            let open = "attribute_exists(pk) AND attribute_not_exists(outcome)";
            let open = Condition::new(open, []);
            change.require_if(Table::Operations, operation, open, ())?;
            change.put(Table::Operations, operations::unfinished_marker(id)?)?;
        } else {
            let over = "attribute_not_exists(pk) OR attribute_exists(outcome)";
            let over = Condition::new(over, []);
            change.require_if(Table::Operations, operation, over, ())?;
            change.remove(Table::Operations, note)?;
        }
        Ok(change.commit().await?.is_committed())
    }
}

fn is_finished(operation: &Attributes) -> bool {
    operation.contains_key("outcome")
}

fn finding(id: OperationId, detail: &str) -> DoctorFinding {
    let (key, fix) = (keys::unfinished_operation(id), Fix::Operation(id));
    DoctorFinding::new(DoctorRule::Operations, key, detail, fix)
}
