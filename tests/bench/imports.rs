//! The cost of an import: by batches, by single requests, and by the command line.

use std::{cell::RefCell, fmt::Write as _, fs, path::Path, time::Instant};

use anyhow::{Result, ensure};
use futures::future::try_join_all;

use crate::{
    connection::HttpConnection,
    process::{Cache, Process, binary, size},
    report::{Report, progress},
    site::{Body, Post, Site, markdown},
};

/// Number of imported posts.
const POSTS: usize = 1_000;

/// Number of posts of a batch.
const BATCH: usize = 50;

/// Imports the same posts in each way, each into an empty database.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    report.heading("Import of 1,000 published posts");
    let mut rows = Vec::new();
    for way in [
        "`tintero import`",
        "batches of 50",
        "single requests, 8 at once",
    ] {
        progress(way);
        let folder = tempfile::tempdir()?;
        let (server, _) = Process::tintero(folder.path(), Cache::On).await?;
        let mut site = Site::sign_in(&server, 0).await?;
        let (cpu, started) = (server.cpu()?, Instant::now());
        match way {
            "batches of 50" => in_batches(&mut site).await?,
            "`tintero import`" => by_command(&server, &site, folder.path())?,
            _ => one_by_one(&server, &mut site).await?,
        }
        let (cpu, seconds) = (server.cpu()? - cpu, started.elapsed().as_secs_f64());
        let posts = f64::from(u32::try_from(POSTS)?);
        server.stop()?;
        let bytes = size(&folder.path().join("tintero.db")).unwrap_or(size(folder.path())?);
        rows.push([
            way.to_owned(),
            format!("{:.2}", cpu * 1e3 / posts),
            format!("{seconds:.1}"),
            format!("{:.0}", posts / seconds),
            format!("{:.1}", f64::from(u32::try_from(bytes / 1024)?) / posts),
        ]);
    }
    let header = ["way", "CPU ms a post", "seconds", "posts/s", "KiB a post"];
    report.table(header, rows);
    Ok(())
}

async fn in_batches(site: &mut Site) -> Result<()> {
    for _ in 0..POSTS / BATCH {
        let batch = site.batch_of_drafts(BATCH);
        let drafts = site.send_batch(batch).await?;
        let batch = site.batch_of_publications(&drafts);
        site.send_batch(batch).await?;
    }
    Ok(())
}

async fn one_by_one(server: &Process, site: &mut Site) -> Result<()> {
    let creations: Vec<_> = (0..POSTS).map(|_| site.create(Body::New)).collect();
    let creations = RefCell::new(creations.into_iter());
    let site = &*site;
    let workers = (0..8).map(|_| async {
        let mut connection = HttpConnection::open(server.address()).await?;
        // The borrow must end before the request is sent.
        let next = || creations.borrow_mut().next();
        while let Some(creation) = next() {
            let post = Post::of(&connection.send(creation).await?)?;
            connection.send(site.publish(&post)).await?;
        }
        anyhow::Ok(())
    });
    try_join_all(workers).await?;
    Ok(())
}

fn by_command(server: &Process, site: &Site, folder: &Path) -> Result<()> {
    let blog = folder.join("blog");
    write_blog(&blog)?;
    let output = std::process::Command::new(binary()?)
        .arg("import")
        .arg(&blog)
        .args(["--url", &server.url()])
        .env("TINTERO_TOKEN", &site.token)
        .output()?;
    ensure!(
        output.status.success(),
        "tintero import: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::remove_dir_all(blog)?;
    Ok(())
}

/// Writes a Jekyll site with the posts.
fn write_blog(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("_posts"))?;
    fs::write(
        folder.join("_config.yml"),
        "title: Bench\nurl: https://example.org\n",
    )?;
    for number in 1..=POSTS {
        let mut text = String::from("---\n");
        writeln!(text, "title: Funciones sin servidor, parte {number}")?;
        writeln!(
            text,
            "categories: [costes, red]\ntags: [aws, serie-{}]\n---",
            number % 50
        )?;
        text.push_str(&markdown(number));
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        let file = format!("_posts/2025-{month:02}-{day:02}-parte-{number}.md");
        fs::write(folder.join(file), text)?;
    }
    Ok(())
}
