//! Serves the folders in a folder as buckets: `tintero-test-s3 FOLDER [ADDRESS]`.

use std::{
    env,
    io::{self, Write as _},
    path::Path,
    thread,
};

use tintero_test_s3::{S3Server, SECRET};

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let usage = || io::Error::other("usage: tintero-test-s3 FOLDER [ADDRESS]");
    let root = arguments.next().ok_or_else(usage)?;
    let address = arguments.next();
    let address = address.as_deref().unwrap_or("127.0.0.1:0");
    let server = S3Server::listen(Path::new(&root), address)?;
    let endpoint = server.endpoint();
    writeln!(
        io::stdout(),
        "{endpoint} with any access key and the secret {SECRET:?}"
    )?;
    loop {
        thread::park();
    }
}
