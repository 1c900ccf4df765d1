//! The server process: start, resource usage, stop.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// The binary of `cargo build --release`, in the target folder that this benchmark runs from.
fn binary() -> Result<std::path::PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own
        .ancestors()
        .nth(2)
        .context("the benchmark runs outside a target folder")?;
    Ok(folder.join("tintero"))
}

/// A server on a data folder.
pub(crate) struct Server {
    child: Child,
    /// Base URL.
    pub(crate) url: String,
    /// Time from the start of the process to its first answer with 200.
    pub(crate) first_answer: Duration,
}

impl Server {
    /// Starts the server and waits until a list request succeeds.
    pub(crate) async fn start(data: &Path) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let url = format!("http://127.0.0.1:{port}");
        let started = Instant::now();
        let child = Command::new(binary()?)
            .arg("serve")
            .env("TINTERO_LISTEN", format!("127.0.0.1:{port}"))
            .env("TINTERO_DATA_DIR", data)
            .env("TINTERO_ADMIN_EMAIL", "bench@example.org")
            .env("TINTERO_ADMIN_PASSWORD", "a password for benchmarks")
            .env("TINTERO_LOG", "warn")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .context("the release binary is not there; run: cargo build --release")?;
        let client = reqwest::Client::new();
        loop {
            if let Ok(answer) = client.get(format!("{url}/v1/posts")).send().await
                && answer.status().is_success()
            {
                return Ok(Self {
                    child,
                    url,
                    first_answer: started.elapsed(),
                });
            }
            if started.elapsed() > Duration::from_mins(1) {
                bail!("the server does not answer");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// CPU time used so far, in seconds, as counted by the kernel in ticks of 10 ms.
    pub(crate) fn cpu(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<_> = stat
            .rsplit(") ")
            .next()
            .unwrap_or_default()
            .split(' ')
            .collect();
        let ticks = |at: usize| {
            fields
                .get(at)
                .and_then(|text| text.parse::<f64>().ok())
                .context("no such field")
        };
        Ok((ticks(11)? + ticks(12)?) / 100.0)
    }

    /// Resident memory, in MiB.
    pub(crate) fn resident(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }

    /// Sends SIGTERM and waits until the process ends.
    pub(crate) fn stop(mut self) -> Result<()> {
        Command::new("kill")
            .arg(self.child.id().to_string())
            .status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process has ended already if `stop` was called.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
