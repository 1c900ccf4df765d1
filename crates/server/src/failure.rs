use std::process::ExitCode;

/// Why a command did not succeed, which decides how the process ends.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something that the person who starts the process must change first; nothing was done.
    #[error("{0}")]
    Refused(String),
    /// The work itself failed; trying again may help.
    #[error("{0:#}")]
    Failed(#[from] anyhow::Error),
}

impl Failure {
    /// A refusal; `sentence` says what to change.
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }

    /// The process's answer: 2 for a refusal, as for wrong arguments, else 1.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Refused(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}
