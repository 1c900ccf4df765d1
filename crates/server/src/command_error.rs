use std::process::ExitCode;

/// An error of a command. Its variant decides the exit code of the process.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The operator must change something first, such as an argument or a setting. Nothing was done.
    #[error("{0}")]
    Precondition(String),
    /// The work failed. A retry may succeed.
    #[error("{0:#}")]
    Failed(#[from] anyhow::Error),
}

impl CommandError {
    /// Creates a precondition error; `message` says what to change.
    pub fn precondition(message: impl Into<String>) -> Self {
        Self::Precondition(message.into())
    }

    /// Returns 2 for a precondition error, as for invalid arguments, and 1 otherwise.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Precondition(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}
