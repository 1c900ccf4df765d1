//! Files of images in a bucket, and backups between a bucket and a folder.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

use std::fs;

use serde_json::Value;
use tempfile::TempDir;
use tintero_test_s3::{S3Server, SECRET};

use crate::{
    http::{HttpClient, HttpResponse},
    serve::Server,
    support::Workspace,
};

const PASSWORD: &str = "correct horse battery";
const FILE: &str = "site.tar.zst";
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"></svg>";

struct Bucket {
    server: S3Server,
    root: TempDir,
}

impl Bucket {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        fs::create_dir(root.path().join("blog")).unwrap();
        let server = S3Server::start(root.path()).unwrap();
        Self { server, root }
    }

    fn variables(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("TINTERO_ADMIN_PASSWORD", PASSWORD),
            ("TINTERO_S3_BUCKET", "blog"),
            ("TINTERO_S3_PREFIX", "site/a"),
            ("TINTERO_S3_ENDPOINT", self.server.endpoint()),
            ("AWS_ACCESS_KEY_ID", "writer"),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ]
    }

    /// Whether the bucket has an object for each image.
    fn has(&self, image: &Value) -> bool {
        let (prefix, rest) = image["sha256"].as_str().unwrap().split_at(2);
        let folder = self.root.path().join("blog/site/a/objects").join(prefix);
        folder.join(rest).exists()
    }
}

fn upload(client: &HttpClient, svg: &str) -> HttpResponse {
    let headers = "content-type: multipart/form-data; boundary=x\r\n";
    let part = "content-disposition: form-data; name=\"file\"; filename=\"a.svg\"\r\n\r\n";
    let body = format!("--x\r\n{part}{svg}\r\n--x--\r\n");
    client.post("/v1/images", headers, &body)
}

#[test]
fn files_move_between_a_bucket_and_a_folder_with_a_backup() {
    let bucket = Bucket::new();
    let variables = bucket.variables();
    let (first, folder, second) = (Workspace::new(), Workspace::new(), Workspace::new());
    let running = Server::start(&first, &variables);
    let client = HttpClient::anonymous(&running.address).signed_in("admin@localhost", PASSWORD);
    let image = upload(&client, SVG).json();
    assert!(bucket.has(&image), "{image}");
    let path = image["url"].as_str().unwrap();
    let served = client.get(path);
    assert_eq!(served.status, 200, "{served:?}");
    drop(running.stop());
    first.run("doctor", &variables).success();

    let backup = first.run(&format!("backup {FILE}"), &variables).success();
    backup.prints("objects  1\n");
    let archive = first.path().join(FILE);
    folder.succeeds(&format!("restore {}", archive.display()));
    folder.succeeds("doctor");
    let running = Server::start(&folder, &[]);
    assert_eq!(client.at(&running.address).get(path), served);
    drop(running.stop());

    folder.succeeds(&format!("backup {FILE}"));
    let archive = folder.path().join(FILE);
    let other = Bucket::new();
    let variables = other.variables();
    let restored = second.run(&format!("restore {}", archive.display()), &variables);
    restored.success().prints("Sent 1 objects to the bucket");
    assert!(other.has(&image));
    let left = fs::read_dir(second.path().join("data")).unwrap();
    let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["LOCK", "tintero.db"]);
    let running = Server::start(&second, &variables);
    assert_eq!(client.at(&running.address).get(path), served);
    drop(running.stop());
}

#[test]
fn a_bucket_that_is_down_gives_status_503_and_loses_nothing() {
    let bucket = Bucket::new();
    let workspace = Workspace::new();
    let running = Server::start(&workspace, &bucket.variables());
    let client = HttpClient::anonymous(&running.address).signed_in("admin@localhost", PASSWORD);
    let image = upload(&client, SVG).json();
    let path = image["url"].as_str().unwrap();
    bucket.server.set_down(true);
    assert_eq!(client.get(path).status, 503);
    let other = SVG.replace('4', "5");
    assert_eq!(upload(&client, &other).status, 503);
    assert_eq!(client.get("/v1/posts").status, 200);
    bucket.server.set_down(false);
    assert_eq!(client.get(path).status, 200);
    assert_eq!(upload(&client, &other).status, 201);
    let images = client.get("/v1/images").json();
    assert_eq!(images["items"].as_array().unwrap().len(), 2);
    drop(running.stop());
}

#[test]
fn a_server_does_not_start_with_a_wrong_bucket() {
    let bucket = Bucket::new();
    let workspace = Workspace::new();
    let start = |name, value| {
        let mut variables = bucket.variables();
        variables.push((name, value));
        variables.push(("TINTERO_LISTEN", "127.0.0.1:0"));
        workspace.run("serve", &variables)
    };
    start("TINTERO_S3_BUCKET", "other").failure(2, "the bucket other does not exist");
    let refused = start("AWS_SECRET_ACCESS_KEY", "wrong");
    refused.failure(2, "cannot use the bucket blog: the store is unavailable");
    assert!(refused.err.contains("403"), "{}", refused.err);
    let nowhere = start("TINTERO_S3_ENDPOINT", "http://127.0.0.1:1");
    nowhere.failure(2, "cannot use the bucket blog");
}

#[test]
fn a_missing_file_is_found_by_the_doctor() {
    let workspace = Workspace::new();
    let variables = [("TINTERO_ADMIN_PASSWORD", PASSWORD)];
    let running = Server::start(&workspace, &variables);
    let client = HttpClient::anonymous(&running.address).signed_in("admin@localhost", PASSWORD);
    let image = upload(&client, SVG).json();
    drop(running.stop());
    let sha256 = image["sha256"].as_str().unwrap();
    let file = format!("data/objects/{}/{}", &sha256[..2], &sha256[2..]);
    fs::remove_file(workspace.path().join(file)).unwrap();
    let found = workspace.run("doctor", &[]);
    assert_eq!(found.code, 1);
    found.prints(&format!("has no file: {sha256}"));
}
