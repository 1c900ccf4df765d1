use std::future::{Ready, ready};

use crate::{Failure, cli::Import};

/// Moves a Markdown site into the server at `import.url`.
pub(crate) fn import(_import: &Import, _token: &str) -> Ready<Result<(), Failure>> {
    ready(Err(Failure::refused(
        "`tintero import` is not part of this build yet",
    )))
}
