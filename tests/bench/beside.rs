//! Latency of reads while others write.

use std::{path::Path, time::Duration};

use anyhow::{Result, anyhow};

use crate::{
    figures::Figures,
    load::{percentile, read_on_a_thread, send_all, until},
    process::{Cache, Process},
    report::{Report, progress},
    site::{Body, Post, Site},
};

const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(4);
const WRITERS: usize = 32;

/// Reads one post, alone and beside writers.
pub(crate) async fn measure(data: &Path, posts: &[Post], report: &mut Report) -> Result<()> {
    progress("reads beside 32 writers");
    let (server, _) = Process::tintero(data, Cache::Off).await?;
    let mut site = Site::sign_in(&server, 90_000_000).await?;
    let path = format!("/v1/posts/by-slug/{}", posts[0].slug);
    let mut alone = [Figures::default(), Figures::default()];
    let mut beside = [Figures::default(), Figures::default()];
    let mut rate = Figures::default();
    for _ in 0..ROUNDS {
        let reader = read_on_a_thread(server.address(), path.clone(), TIME);
        add(&mut alone, &join(reader)?);
        let reader = read_on_a_thread(server.address(), path.clone(), TIME);
        let writes = until(TIME, || site.create(Body::New));
        rate.add(send_all(&server, writes, WRITERS).await?.rate());
        add(&mut beside, &join(reader)?);
    }
    server.stop()?;
    report.heading("One post by slug, beside writers");
    report.paragraph(&format!(
        "One reader, from the engine; {WRITERS} writers create posts, {rate} a second. All share the \
         machine with the client."
    ));
    let row = |name: &str, index: usize| {
        let (alone, beside) = (&alone[index], &beside[index]);
        [
            name.to_owned(),
            format!("{alone:.2}"),
            format!("{beside:.2}"),
            beside.ratio(alone),
        ]
    };
    let header = ["latency", "alone ms", "beside writers ms", "ratio"];
    report.table(header, vec![row("median", 0), row("p99", 1)]);
    Ok(())
}

fn add(figures: &mut [Figures; 2], latencies: &[Duration]) {
    figures[0].add(percentile(latencies, 50));
    figures[1].add(percentile(latencies, 99));
}

fn join(reader: std::thread::JoinHandle<Result<Vec<Duration>>>) -> Result<Vec<Duration>> {
    reader.join().map_err(|_| anyhow!("the reader panicked"))?
}
