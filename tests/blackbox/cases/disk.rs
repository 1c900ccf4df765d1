//! A full disk fails writes; reads continue.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::Command,
};

use libtest_mimic::Trial;
use rustix::process::{Resource, Rlimit, prlimit};
use serde_json::json;
use tempfile::TempDir;

use crate::harness::{
    ADMINISTRATOR, Answer, Client, Server, Setup, case_where_possible, cases, draft,
};

pub(super) fn all() -> Vec<Trial> {
    let mut trials = cases![a_file_size_limit_fails_writes_and_not_reads];
    trials.push(case_where_possible(
        "disk::a_full_disk_fails_writes_serves_reads_and_recovers",
        a_full_disk_fails_writes_serves_reads_and_recovers(),
    ));
    trials
}

/// Lowers the file size limit of the running process, then raises it again.
async fn a_file_size_limit_fails_writes_and_not_reads() {
    let setup = Setup::embedded();
    // SIGXFSZ ends a process at its limit unless the signal is ignored.
    let start = "trap '' XFSZ; exec \"$0\" serve";
    let binary = setup
        .command(&[])
        .get_program()
        .to_str()
        .unwrap()
        .to_owned();
    let server = Server::start(&setup, setup.call_of("sh", &["-c", start, &binary]));
    let author = server.administrator().await;
    let before = prlimit(Some(server.pid()), Resource::Fsize, limit_of(&setup.data())).unwrap();
    let wait = outage(&server, &author, (503, "unavailable")).await;
    assert_eq!(wait, "1");
    prlimit(Some(server.pid()), Resource::Fsize, before).unwrap();
    recovery(&server, &author).await;
}

/// Limits file sizes to the size of the largest file.
fn limit_of(data: &Path) -> Rlimit {
    let files = fs::read_dir(data)
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len());
    let largest = files.max().expect("there is a database");
    Rlimit {
        current: Some(largest),
        maximum: None,
    }
}

async fn a_full_disk_fails_writes_serves_reads_and_recovers() -> Result<(), String> {
    let disk = SmallDisk::mount()?;
    let setup = Setup::embedded().keeping_data_in(disk.path());
    let server = setup.start();
    let author = server.administrator().await;
    let ballast = disk.path().join("ballast");
    fill(&ballast);
    outage(&server, &author, (507, "storage_full")).await;
    server
        .anonymous()
        .get("/readyz")
        .send()
        .await
        .refused(503, "not_ready");
    let (email, password) = ADMINISTRATOR;
    server.sign_in(email, password).await;
    fs::remove_file(&ballast).unwrap();
    recovery(&server, &author).await;
    server.stop();
    let again = setup.start();
    assert!(!again.anonymous().walk("/v1/posts").await.is_empty());
    Ok(())
}

/// Writes until a write is rejected, and checks that reads continue. Returns `Retry-After`.
async fn outage(server: &Server, author: &Client, (status, code): (u16, &str)) -> String {
    let mut last = None;
    let refused = loop {
        let answer = write(author).await;
        if answer.status != 201 {
            break answer;
        }
        last = Some(answer.json());
    };
    let wait = refused.header("retry-after").to_owned();
    refused.refused(status, code);
    for _ in 0..3 {
        write(author).await.refused(status, code);
    }
    server.anonymous().get("/healthz").send().await.is(200);
    server.anonymous().get("/v1/posts").send().await.is(200);
    if let Some(last) = last {
        let path = format!("/v1/posts/{}", last["id"].as_str().unwrap());
        assert_eq!(author.get(&path).send().await.is(200).json(), last);
    }
    wait
}

async fn recovery(server: &Server, author: &Client) {
    let post = author.create_published(&draft("after")).await;
    server
        .anonymous()
        .get(&post.public_path())
        .send()
        .await
        .is(200);
    server.anonymous().get("/readyz").send().await.is(200);
}

async fn write(author: &Client) -> Answer {
    let mut new = draft("disk");
    new["body"] = json!("A line of a text that takes some room.\n".repeat(2_000));
    author.post("/v1/posts").json(&new).send().await
}

/// Fills the file system.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    for size in [1 << 16, 1 << 12, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// A file system of a few megabytes.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Result<Self, String> {
        let disk = Self(tempfile::tempdir().unwrap());
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(disk.path())
            .output()
            .map_err(|error| format!("there is no mount: {error}"))?;
        if mount.status.success() {
            Ok(disk)
        } else {
            Err(format!(
                "a file system cannot be mounted: {}",
                String::from_utf8_lossy(&mount.stderr).trim()
            ))
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Fails if nothing was mounted, which is fine.
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .output();
    }
}
