//! Database of the process under test: embedded, or a DynamoDB server that the environment names,
//! with a database for each setup.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    sync::LazyLock,
};

use tempfile::TempDir;
use tintero_test_s3::S3Server;

use super::{Setup, binary};

/// URL of the server, such as `http://127.0.0.1:8000`. It must be DynamoDB Local without
/// `-sharedDb`, which has a separate database for each access key.
static SERVER: LazyLock<Option<String>> = LazyLock::new(server);

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but their environment"
)]
fn server() -> Option<String> {
    env::var("TINTERO_TEST_DYNAMODB").ok()
}

static KEYS: LazyLock<[String; 3]> =
    LazyLock::new(|| ["signing-key", "cursor-key", "secret-key"].map(generated));

const BUCKET: &str = "images";

/// The store of the files of images for databases on a server.
static FILES: LazyLock<(TempDir, S3Server)> = LazyLock::new(|| {
    let root = TempDir::new().unwrap();
    fs::create_dir(root.path().join(BUCKET)).unwrap();
    let server = S3Server::start(root.path()).unwrap();
    (root, server)
});

/// Whether the data is on a server and outlives every process.
pub(super) fn is_remote() -> bool {
    SERVER.is_some()
}

/// An in-memory database, or an empty one on the server.
pub(super) fn fresh(setup: Setup) -> Setup {
    let Some(server) = &*SERVER else {
        return setup.with("TINTERO_DYNAMODB", "memory");
    };
    let access_key = access_key(setup.folder());
    let [signing, cursor, secret] = &*KEYS;
    setup
        .with("TINTERO_DYNAMODB", "aws")
        .with("AWS_ENDPOINT_URL_DYNAMODB", server)
        .with("AWS_REGION", "eu-central-1")
        .with("AWS_ACCESS_KEY_ID", &access_key)
        .with("AWS_SECRET_ACCESS_KEY", tintero_test_s3::SECRET)
        .with("TINTERO_S3_BUCKET", BUCKET)
        .with("TINTERO_S3_PREFIX", &access_key)
        .with("TINTERO_S3_ENDPOINT", FILES.1.endpoint())
        .with("TINTERO_SIGNING_KEYS", signing)
        .with("TINTERO_CURSOR_KEYS", cursor)
        .with("TINTERO_SECRET_KEYS", secret)
}

/// A database in the data folder, or one on the server.
pub(super) fn kept(setup: Setup) -> Setup {
    if is_remote() {
        setup
    } else {
        setup.with("TINTERO_DYNAMODB", "embedded")
    }
}

/// Unique per setup. Access keys may contain only letters and digits.
fn access_key(folder: &Path) -> String {
    let folder = folder.display().to_string();
    folder.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn generated(kind: &str) -> String {
    let mut generate = Command::new(binary::path());
    let output = generate
        .args([kind, "generate"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
