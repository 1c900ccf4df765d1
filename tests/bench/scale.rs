//! The same figures with few and with many posts: a line that grows shows work that depends on the size
//! of the site.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result};
use indicatif::ProgressBar;

use crate::{
    connection::{HttpConnection, Prepared},
    process::{Cache, Process, command, size},
    report::{Report, progress},
    requests::Operation,
    site::{Post, Site},
};

/// Number of writes of a measurement.
const WRITES: usize = 1_000;

/// Measures sites with these numbers of posts.
pub(crate) async fn measure(sizes: &[usize], report: &mut Report) -> Result<()> {
    let mut columns = Vec::new();
    for posts in sizes {
        columns.push(measure_site(*posts).await?);
    }
    report.heading("Few and many posts");
    let header = std::iter::once("figure".to_owned());
    let header = header.chain(sizes.iter().map(|posts| format!("{posts} posts")));
    report.table(header, rows(&columns));
    Ok(())
}

/// Joins the columns to rows.
fn rows(columns: &[Vec<(String, String)>]) -> Vec<Vec<String>> {
    let names = columns.first().into_iter().flatten();
    names
        .enumerate()
        .map(|(at, (name, _))| {
            let figures = columns.iter().map(|column| column[at].1.clone());
            std::iter::once(name.clone()).chain(figures).collect()
        })
        .collect()
}

async fn measure_site(posts: usize) -> Result<Vec<(String, String)>> {
    let folder = tempfile::tempdir()?;
    let data = folder.path();
    let mut figures = Vec::new();
    let mut add = |name: &str, figure: String| figures.push((name.to_owned(), figure));
    progress(&format!("a site of {posts} posts"));
    let known = fill(data, posts, &mut add).await?;
    let bytes = size(data)? / u64::try_from(posts)?;
    add("bytes a post on disk", bytes.to_string());
    requests(data, &known, &mut add).await?;
    for arguments in [
        ["doctor"].as_slice(),
        &[
            "backup",
            "--force",
            &folder.path().with_extension("backup").to_string_lossy(),
        ],
    ] {
        progress(arguments[0]);
        let time = command(data, arguments)?;
        add(
            &format!("`tintero {}`, s", arguments[0]),
            format!("{:.1}", time.as_secs_f64()),
        );
    }
    let backup = folder.path().with_extension("backup");
    let bytes = std::fs::metadata(&backup)?.len() / u64::try_from(posts)?;
    add("bytes a post in the backup", bytes.to_string());
    std::fs::remove_file(backup)?;
    Ok(figures)
}

/// Creates and publishes the posts. Returns some of them.
async fn fill(data: &Path, posts: usize, add: &mut impl FnMut(&str, String)) -> Result<Vec<Post>> {
    let (server, _) = Process::tintero(data, Cache::On).await?;
    let mut site = Site::sign_in(&server, 0).await?;
    let bar = ProgressBar::new(u64::try_from(posts)?);
    let (cpu, started) = (server.cpu()?, Instant::now());
    let known = site
        .published(posts, |done| bar.set_position(done as u64))
        .await?;
    bar.finish_and_clear();
    let count = f64::from(u32::try_from(posts)?);
    let cpu = (server.cpu()? - cpu) * 1e6 / count;
    add(
        "create and publish in batches, CPU µs a post",
        format!("{cpu:.0}"),
    );
    let rate = count / started.elapsed().as_secs_f64();
    add(
        "create and publish in batches, posts/s",
        format!("{rate:.0}"),
    );
    server.stop()?;
    Ok(known)
}

async fn requests(data: &Path, posts: &[Post], add: &mut impl FnMut(&str, String)) -> Result<()> {
    let (server, start) = Process::tintero(data, Cache::Off).await?;
    add(
        "start of the process to the first 200, ms",
        format!("{:.1}", start.as_secs_f64() * 1e3),
    );
    let mut site = Site::sign_in(&server, 50_000_000).await?;
    let operations = [
        Operation::BySlug,
        Operation::Latest,
        Operation::OfCategory,
        Operation::CreateNewBody,
        Operation::ChangeTitle,
        Operation::Publish,
    ];
    for operation in operations {
        progress(&operation.name(Cache::Off));
        let sample = operation
            .measure(&server, &mut site, posts, (WRITES, 1))
            .await?;
        add(
            &format!("{}, CPU µs", operation.name(Cache::Off)),
            format!("{:.0}", sample.cpu_micros()),
        );
    }
    let (pages, cpu) = walk(&server).await?;
    add(
        "walk to the end of the list, pages of 100",
        pages.to_string(),
    );
    add(
        "walk to the end of the list, CPU µs a page",
        format!("{:.0}", cpu * 1e6 / f64::from(pages)),
    );
    add(
        "resident after these requests, MiB",
        format!("{:.1}", server.resident()?),
    );
    server.stop()
}

/// Reads every page of the list of posts. Returns their number and the CPU time of the server in
/// seconds.
async fn walk(server: &Process) -> Result<(u32, f64)> {
    progress("walk to the end of the list");
    let mut connection = HttpConnection::open(server.address()).await?;
    let cpu = server.cpu()?;
    let mut path = "/v1/posts?limit=100".to_owned();
    let mut pages = 0;
    loop {
        let answer = connection.send(Prepared::get(&path)).await?;
        pages += 1;
        let answer: serde_json::Value = serde_json::from_slice(&answer.body)?;
        let Some(cursor) = answer["page"]["next_cursor"].as_str() else {
            return Ok((pages, server.cpu()? - cpu));
        };
        path = format!("/v1/posts?limit=100&cursor={cursor}");
        answer["items"].as_array().context("no items")?;
    }
}
