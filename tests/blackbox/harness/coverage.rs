//! Which operations were called.

use std::{collections::BTreeSet, sync::Mutex};

use super::contract::{self, Operation};

static CALLED: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Notes an operation that answered.
pub(crate) fn note(operation: &'static Operation) {
    CALLED.lock().unwrap().insert(&operation.id);
}

/// The operations of the document that nobody called.
pub(crate) fn missing() -> Vec<&'static str> {
    let called = CALLED.lock().unwrap();
    let all = contract::operations()
        .iter()
        .map(|operation| operation.id.as_str());
    all.filter(|id| !called.contains(id)).collect()
}
