//! A full disk is an outage of writes, not of the blog.

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

use crate::harness::{Answer, Client, Server, Setup, case_where_possible, cases, draft};

pub(super) fn all() -> Vec<Trial> {
    let mut trials = cases![a_file_that_may_not_grow_refuses_writes_and_serves_reads];
    trials.push(case_where_possible(
        "disk::a_full_disk_refuses_writes_serves_reads_and_recovers",
        a_full_disk_refuses_writes_serves_reads_and_recovers(),
    ));
    trials
}

/// The limit is set from outside and taken away again, as an operator would make room.
async fn a_file_that_may_not_grow_refuses_writes_and_serves_reads() {
    let setup = Setup::embedded();
    // The system ends a process that meets its limit, unless it ignores the signal.
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
    outage(&server, &author).await;
    prlimit(Some(server.pid()), Resource::Fsize, before).unwrap();
    recovery(&server, &author).await;
}

/// No file may become larger than the largest one is.
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

async fn a_full_disk_refuses_writes_serves_reads_and_recovers() -> Result<(), String> {
    let disk = SmallDisk::mount()?;
    let setup = Setup::embedded().keeping_data_in(disk.path());
    let server = setup.start();
    let author = server.administrator().await;
    let ballast = disk.path().join("ballast");
    fill(&ballast);
    outage(&server, &author).await;
    fs::remove_file(&ballast).unwrap();
    recovery(&server, &author).await;
    server.stop();
    let again = setup.start();
    assert!(!again.anybody().walk("/v1/posts").await.is_empty());
    Ok(())
}

/// Writes until one is refused, and looks at everything else meanwhile.
async fn outage(server: &Server, author: &Client) {
    let mut last = None;
    let refused = loop {
        let answer = write(author).await;
        if answer.status != 201 {
            break answer;
        }
        last = Some(answer.json());
    };
    let wait = refused.header("retry-after").to_owned();
    let problem = refused.refused(503, "unavailable");
    assert_eq!(wait, "1", "{problem:#}");
    for _ in 0..3 {
        write(author).await.refused(503, "unavailable");
    }
    server.anybody().get("/healthz").send().await.is(200);
    server.anybody().get("/v1/posts").send().await.is(200);
    if let Some(last) = last {
        let path = format!("/v1/posts/{}", last["id"].as_str().unwrap());
        assert_eq!(author.get(&path).send().await.is(200).json(), last);
    }
}

async fn recovery(server: &Server, author: &Client) {
    let post = author.create_published(&draft("after")).await;
    server
        .anybody()
        .get(&post.public_path())
        .send()
        .await
        .is(200);
    server.anybody().get("/readyz").send().await.is(200);
}

async fn write(author: &Client) -> Answer {
    let mut new = draft("disk");
    new["body"] = json!("A line of a text that takes some room.\n".repeat(2_000));
    author.post("/v1/posts").json(&new).send().await
}

/// Takes all room that is left.
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
        // Where nothing was mounted there is nothing to undo.
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .output();
    }
}
