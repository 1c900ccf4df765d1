//! Records which operations were called.

use std::{collections::BTreeSet, sync::Mutex};

use super::contract::{self, Operation};

static CALLED: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Records a call of an operation.
pub(crate) fn note(operation: &'static Operation) {
    CALLED.lock().unwrap().insert(&operation.id);
}

/// Operations of the document that were not called.
pub(crate) fn missing() -> Vec<&'static str> {
    let called = CALLED.lock().unwrap();
    let all = contract::operations()
        .iter()
        .map(|operation| operation.id.as_str());
    all.filter(|id| !called.contains(id)).collect()
}
