use std::time::{Duration, SystemTime};

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials as _, SharedCredentialsProvider},
};
use tintero_domain::Result;
use tokio::sync::Mutex;

use super::super::unavailable;

/// Time before their expiry at which credentials are replaced.
const MARGIN: Duration = Duration::from_mins(5);

/// Keeps the current credentials until they expire.
#[derive(Debug)]
pub(super) struct S3Identity {
    provider: SharedCredentialsProvider,
    current: Mutex<Option<Credentials>>,
}

impl S3Identity {
    pub(super) fn new(provider: SharedCredentialsProvider) -> Self {
        Self {
            provider,
            current: Mutex::new(None),
        }
    }

    pub(super) async fn credentials(&self, now: SystemTime) -> Result<Credentials> {
        let mut current = self.current.lock().await;
        if let Some(known) = current.as_ref()
            && known.expiry().is_none_or(|expiry| expiry > now + MARGIN)
        {
            return Ok(known.clone());
        }
        let provided = self.provider.provide_credentials().await;
        let provided = provided.map_err(unavailable)?;
        *current = Some(provided.clone());
        Ok(provided)
    }
}
