//! The other programs, and the memory of processes.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

/// A process of Node.js that makes renditions with sharp.
pub(crate) struct Sharp {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    folder: std::path::PathBuf,
}

impl Sharp {
    /// Starts it if the folder has its module.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let script = folder.join("sharp.mjs");
        script.exists().then(|| {
            let mut process = Command::new("node")
                .arg(script)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            Self {
                requests: process.stdin.take().unwrap(),
                answers: BufReader::new(process.stdout.take().unwrap()),
                process,
                folder: folder.to_owned(),
            }
        })
    }

    /// Makes a rendition. The time is measured by the process itself.
    pub(crate) fn make(&mut self, path: &Path, width: u32) -> Option<(f64, Vec<u8>)> {
        let target = self.folder.join("sharp.webp");
        writeln!(
            self.requests,
            "{}\t{width}\t{}",
            path.display(),
            target.display()
        )
        .ok()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).ok()?;
        Some((answer.trim().parse().ok()?, std::fs::read(target).ok()?))
    }

    /// The peak memory of the last process.
    pub(crate) fn peak(folder: &Path) -> String {
        std::fs::read_to_string(folder.join("sharp-peak")).unwrap_or_else(|_| "–".to_owned())
    }
}

impl Drop for Sharp {
    fn drop(&mut self) {
        let peak = peak(&self.process.id().to_string()).to_string();
        std::fs::write(self.folder.join("sharp-peak"), peak).unwrap();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Makes a rendition with the command of vips, if it is installed.
pub(crate) fn vips(path: &Path, width: u32, folder: &Path) -> Option<(f64, Vec<u8>)> {
    let target = folder.join("vips.webp");
    let start = Instant::now();
    let status = Command::new("vipsthumbnail")
        .arg(path)
        .args(["--size", &format!("{width}x"), "-o"])
        .arg(format!("{}[Q=80]", target.display()))
        .status();
    let time = start.elapsed().as_secs_f64() * 1000.0;
    status.ok().filter(std::process::ExitStatus::success)?;
    Some((time, std::fs::read(target).ok()?))
}

/// Peak memory of a process in MiB.
pub(crate) fn peak(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}

/// Peak memory of a new process of this program that makes renditions.
pub(crate) fn own_peak(path: &Path, width: u32, at_once: u32) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .arg("--memory")
        .arg(path)
        .args([width.to_string(), at_once.to_string()])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
