use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tintero_domain::{clock::Entropy, images::ExpectedFile};

/// Length of the authentication code in bytes.
const MAC: usize = 32;

/// Issues tickets, with which clients send announced files to this server. They are valid until the process ends.
#[derive(Clone)]
pub(crate) struct UploadTickets(Arc<[u8; 32]>);

impl UploadTickets {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        Self(Arc::new(entropy.secret()))
    }

    /// Returns the ticket for a file.
    pub(crate) fn issue(&self, file: &ExpectedFile) -> String {
        let mut ticket = serde_json::to_vec(file).expect("ids and numbers have a JSON form");
        let code = self.code(&ticket).finalize().into_bytes();
        ticket.extend_from_slice(&code);
        BASE64_URL_SAFE_NO_PAD.encode(ticket)
    }

    /// Returns the file of a ticket. `None` if the ticket was not issued here.
    pub(crate) fn open(&self, ticket: &str) -> Option<ExpectedFile> {
        let ticket = BASE64_URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let (file, code) = ticket.split_last_chunk::<MAC>()?;
        // Compares in constant time.
        self.code(file).verify_slice(code).ok()?;
        serde_json::from_slice(file).ok()
    }

    fn code(&self, file: &[u8]) -> Hmac<Sha256> {
        let mut code =
            Hmac::new_from_slice(self.0.as_ref()).expect("HMAC accepts keys of any length");
        code.update(file);
        code
    }
}
