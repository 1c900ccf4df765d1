use std::fmt::{self, Write};
use std::sync::{Mutex, PoisonError};

use comrak::Anchorizer;
use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::nodes::Sourcepos;

/// Gives each heading the id GitHub would give it, unique in its document.
#[derive(Debug, Default)]
pub(super) struct HeadingIds {
    given: Mutex<Anchorizer>,
}

impl HeadingAdapter for HeadingIds {
    fn enter(
        &self,
        output: &mut dyn Write,
        heading: &HeadingMeta,
        _: Option<Sourcepos>,
    ) -> fmt::Result {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let id = given.anchorize(&heading.content);
        if id.is_empty() {
            return write!(output, "<h{}>", heading.level);
        }
        write!(output, "<h{} id=\"{id}\">", heading.level)
    }

    fn exit(&self, output: &mut dyn Write, heading: &HeadingMeta) -> fmt::Result {
        write!(output, "</h{}>", heading.level)
    }
}
