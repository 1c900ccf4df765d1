//! What hostile requests cost, and what others notice of them.

mod clients;
mod comparisons;
mod texts;

use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::{
    load::{percentile, read_on_a_thread},
    process::{Cache, Process},
    report::{Report, progress},
    site::Site,
};

/// Duration of the attacks that go on for some time.
const TIME: Duration = Duration::from_mins(1);

/// Number of posts that the readers list.
const POSTS: usize = 100;

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (server, _) = Process::tintero(folder.path(), Cache::Off).await?;
    let mut site = Site::sign_in(&server, 0).await?;
    site.published(POSTS, |_| ()).await?;
    texts::measure(&server, &mut site, report).await?;
    server.stop()?;

    let mut rows = vec![alone(folder.path()).await?];
    rows.push(comparisons::measure(folder.path()).await?);
    rows.extend(clients::measure(folder.path()).await?);
    report.heading("Reads beside hostile clients");
    report.paragraph(&format!(
        "One reader lists {POSTS} posts from the engine, one after another, for {} s; every read must succeed. \
         Attackers reconnect when the server disconnects them, and share the machine with the reader.",
        TIME.as_secs()
    ));
    let header = [
        "attack",
        "reads/s",
        "median ms",
        "p99 ms",
        "peak memory MiB",
        "server CPU s",
    ];
    report.table(header, rows);
    Ok(())
}

async fn alone(data: &std::path::Path) -> Result<[String; 6]> {
    let attacked = Attacked::start(data).await?;
    attacked.row("none").await
}

/// A server and the reader of it.
struct Attacked {
    server: Process,
    reader: std::thread::JoinHandle<Result<Vec<Duration>>>,
    cpu: f64,
}

impl Attacked {
    /// Starts a server and its reader.
    async fn start(data: &std::path::Path) -> Result<Self> {
        let (server, _) = Process::tintero(data, Cache::Off).await?;
        Self::reading(server)
    }

    /// Starts the reader.
    fn reading(server: Process) -> Result<Self> {
        let cpu = server.cpu()?;
        server.forget_peak()?;
        let reader = read_on_a_thread(server.address(), "/v1/posts".to_owned(), TIME);
        Ok(Self {
            server,
            reader,
            cpu,
        })
    }

    /// Waits for the reader, and returns the row of the table.
    async fn row(self, attack: &str) -> Result<[String; 6]> {
        progress(&format!("reads beside: {attack}"));
        while !self.reader.is_finished() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let reads = self
            .reader
            .join()
            .map_err(|_| anyhow!("the reader panicked"))??;
        let (cpu, peak) = (self.server.cpu()? - self.cpu, self.server.peak()?);
        self.server.stop()?;
        let count = u32::try_from(reads.len())?;
        Ok([
            attack.to_owned(),
            format!("{:.0}", f64::from(count) / TIME.as_secs_f64()),
            format!("{:.1}", percentile(&reads, 50)),
            format!("{:.1}", percentile(&reads, 99)),
            format!("{peak:.0}"),
            format!("{cpu:.1}"),
        ])
    }
}
