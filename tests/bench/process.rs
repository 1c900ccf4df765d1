//! Processes of the release binary: start, resource usage, stop.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::connection::{HttpConnection, Prepared};

pub(crate) const EMAIL: &str = "bench@example.org";
pub(crate) const PASSWORD: &str = "measured again and again";

/// Returns the binary of `cargo build --release`, in the target folder that this benchmark runs from.
pub(crate) fn binary() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own
        .ancestors()
        .nth(2)
        .context("the benchmark runs outside a target folder")?;
    Ok(folder.join("tintero"))
}

/// Whether a server stores answers to anonymous reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cache {
    On,
    Off,
}

/// A running server.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    /// Starts Tintero and waits until a list request succeeds. Returns it with the time that this took.
    pub(crate) async fn tintero(data: &Path, cache: Cache) -> Result<(Self, Duration)> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(binary()?);
        command
            .arg("serve")
            .env("TINTERO_LISTEN", address.to_string())
            .env("TINTERO_DATA_DIR", data)
            .env("TINTERO_ADMIN_EMAIL", EMAIL)
            .env("TINTERO_ADMIN_PASSWORD", PASSWORD)
            .env("TINTERO_LOG", "warn")
            .env("TINTERO_RATE_LIMIT_ADDRESS", "0")
            .env("TINTERO_RATE_LIMIT_USER", "0")
            .stdout(Stdio::null());
        if cache == Cache::Off {
            command.env("TINTERO_CACHE_BYTES", "0");
        }
        let started = Instant::now();
        let child = command
            .spawn()
            .context("start the release binary; run: cargo build --release")?;
        let server = Self { child, address };
        while started.elapsed() < Duration::from_mins(1) {
            if server.answers().await {
                return Ok((server, started.elapsed()));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bail!("the server does not answer")
    }

    async fn answers(&self) -> bool {
        let Ok(mut connection) = HttpConnection::open(self.address).await else {
            return false;
        };
        connection.send(Prepared::get("/v1/posts")).await.is_ok()
    }

    /// Starts a server that sends these answers and does nothing else.
    pub(crate) fn bare(program: &Path, answers: &serde_json::Value) -> Result<Self> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {}", program.display()))?;
        let mut input = child.stdin.take().context("no standard input")?;
        input.write_all(answers.to_string().as_bytes())?;
        drop(input);
        let mut line = String::new();
        let output = child.stdout.take().context("no standard output")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse()?;
        Ok(Self { child, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// CPU time used so far, in seconds, as counted by the kernel in ticks of 10 ms.
    pub(crate) fn cpu(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        let mut ticks = 0.0;
        for field in fields.skip(11).take(2) {
            ticks += field.parse::<f64>()?;
        }
        Ok(ticks / 100.0)
    }

    /// Resident memory, in MiB.
    pub(crate) fn resident(&self) -> Result<f64> {
        self.memory("VmRSS:")
    }

    /// Greatest resident memory since the start or the last [`forget_peak`](Self::forget_peak), in MiB.
    pub(crate) fn peak(&self) -> Result<f64> {
        self.memory("VmHWM:")
    }

    /// Sets the peak to the present memory.
    pub(crate) fn forget_peak(&self) -> Result<()> {
        let file = format!("/proc/{}/clear_refs", self.child.id());
        fs::write(file, "5").context("reset the peak of the memory")
    }

    fn memory(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .with_context(|| format!("no {name}"))?;
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

impl Drop for Process {
    fn drop(&mut self) {
        // The process has ended already if `stop` was called.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command of the binary on a data folder. Returns its duration.
pub(crate) fn command(data: &Path, arguments: &[&str]) -> Result<Duration> {
    let started = Instant::now();
    let output = Command::new(binary()?)
        .args(arguments)
        .env("TINTERO_DATA_DIR", data)
        .env("TINTERO_LOG", "warn")
        .output()?;
    ensure!(
        output.status.success(),
        "tintero {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(started.elapsed())
}

/// Bytes of all files of a folder.
pub(crate) fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}
