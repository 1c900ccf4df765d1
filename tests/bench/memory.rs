//! Start and memory.

use std::{path::Path, time::Duration};

use anyhow::Result;

use crate::{
    figures::Figures,
    load::send_all,
    process::{Cache, Process, binary},
    report::{Report, progress},
    requests::Operation,
    site::{Post, Site},
};

/// Number of measured starts.
const STARTS: usize = 9;

/// Number of requests before the memory is read.
const REQUESTS: usize = 1_000;

pub(crate) async fn measure(data: &Path, posts: &[Post], report: &mut Report) -> Result<()> {
    progress("starts and memory");
    let mut starts = Figures::default();
    for _ in 0..STARTS {
        let (server, first_answer) = Process::tintero(data, Cache::On).await?;
        starts.add(first_answer.as_secs_f64() * 1e3);
        server.stop()?;
    }
    let (server, _) = Process::tintero(data, Cache::On).await?;
    let fresh = server.resident()?;
    let mut site = Site::sign_in(&server, 80_000_000).await?;
    mixed(&server, &mut site, posts).await?;
    for _ in 0..10 {
        Site::sign_in(&server, 0).await?;
    }
    tokio::time::sleep(Duration::from_secs(30)).await;
    let resident = server.resident()?;
    server.stop()?;
    let kib = std::fs::metadata(binary()?)?.len() / 1024;
    report.heading("Start, memory and size");
    let line = |what: &str, figure: String| [what.to_owned(), figure];
    let rows = vec![
        line(
            "start of the process to the first 200, ms",
            format!("{starts:.1}"),
        ),
        line("resident after the start, MiB", format!("{fresh:.1}")),
        line(
            "resident 30 s after 1,000 mixed requests and 10 sign-ins, MiB",
            format!("{resident:.1}"),
        ),
        line(
            "binary, MiB",
            format!("{:.1}", f64::from(u32::try_from(kib)?) / 1024.0),
        ),
    ];
    report.table(["", "figure"], rows);
    Ok(())
}

/// Sends the same number of requests of each kind.
async fn mixed(server: &Process, site: &mut Site, posts: &[Post]) -> Result<()> {
    let kinds = Operation::ALL
        .iter()
        .filter(|(_, cache)| *cache == Cache::On);
    let kinds: Vec<_> = kinds.collect();
    let each = REQUESTS / kinds.len();
    for (operation, _) in kinds {
        let requests = match operation.paths(site, posts) {
            Some(paths) => {
                let paths = paths.iter().cycle().take(each);
                paths.map(crate::connection::Prepared::get).collect()
            }
            None => operation.writes(site, each).await?,
        };
        send_all(server, requests, 8).await?;
    }
    Ok(())
}
