//! Renditions beside those of sharp and vips: time, size and likeness, of the same files in one run. Started by
//! `./scripts/bench-images`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed measurement stops the program, which prints its results"
)]

mod likeness;
mod others;
mod photo;

use std::{path::Path, time::Instant};

use bytes::Bytes;
use tintero_domain::{
    images::{IMAGE_HEAD, ImageFile, ImageRendition, ImageWorkers as _, MediaType},
    values::{Digest, ImageId},
};
use tintero_media::MediaWorkers;
use tokio::runtime::Runtime;

use crate::{likeness::Reference, others::Sharp};

/// Runs of each program.
const ROUNDS: usize = 7;

/// Median, least and most milliseconds of the runs of a program, and its last file.
#[derive(Default)]
struct Runs {
    times: Vec<f64>,
    file: Vec<u8>,
}

impl Runs {
    fn add(&mut self, (time, file): (f64, Vec<u8>)) {
        self.times.push(time);
        self.file = file;
    }

    fn row(&mut self, name: &str, reference: &Reference) -> String {
        if self.times.is_empty() {
            return format!("| {name} | – | – | – |");
        }
        self.times.sort_by(f64::total_cmp);
        let median = self.times[self.times.len() / 2];
        let (least, most) = (self.times[0], self.times[self.times.len() - 1]);
        let likeness = reference.likeness(&self.file);
        let bytes = self.file.len();
        format!("| {name} | {median:.0} ({least:.0}–{most:.0}) | {bytes} | {likeness:.4} |")
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|it| it != "--bench");
    let first = arguments.next();
    if let Some("--memory") = first.as_deref() {
        let path = arguments.next().unwrap();
        let mut number = || arguments.next().unwrap().parse().unwrap();
        memory(Path::new(&path), number(), number());
        return;
    }
    let folder = first.expect("the first argument is a folder for the files");
    let folder = Path::new(&folder);
    println!("| Picture, width | ms | bytes | SSIM |\n| --- | --- | --- | --- |");
    for (name, width, height) in [("12 MP", 4000, 3000), ("50 MP", 8660, 5773)] {
        let path = folder.join(format!("{width}.jpg"));
        if !path.exists() {
            std::fs::write(&path, photo::jpeg(width, height)).unwrap();
        }
        compare(name, &path, (width.into(), height.into()), folder);
    }
    println!("\n| Peak memory of a process | MiB |\n| --- | --- |");
    for (name, path) in [("12 MP", "4000.jpg"), ("50 MP", "8660.jpg")] {
        for (width, at_once) in [(320, 1), (1920, 1), (1920, 5)] {
            let peak = others::own_peak(&folder.join(path), width, at_once);
            println!("| tintero-media, {name} to {width}, {at_once} at once | {peak} |");
        }
    }
    println!("| sharp, after all runs | {} |", Sharp::peak(folder));
}

/// Prints a row for each program and width.
fn compare(name: &str, path: &Path, size: (u32, u32), folder: &Path) {
    let file = Bytes::from(std::fs::read(path).unwrap());
    let image = image_file(&file, size);
    let runtime = Runtime::new().unwrap();
    let workers = MediaWorkers::default();
    let mut sharp = Sharp::start(folder);
    for rendition in image.renditions() {
        if rendition.media_type() != MediaType::Webp
            || ![320, 640, 1280, 1920].contains(&rendition.width())
        {
            continue;
        }
        let width = rendition.width();
        let (mut own, mut shrunk, mut vips) = (Runs::default(), Runs::default(), Runs::default());
        for _ in 0..ROUNDS {
            own.add(made(&runtime, &workers, &file, &rendition));
            if let Some(run) = sharp.as_mut().and_then(|sharp| sharp.make(path, width)) {
                shrunk.add(run);
            }
            if let Some(run) = others::vips(path, width, folder) {
                vips.add(run);
            }
        }
        let reference = Reference::of(&file, (width, rendition.height()));
        for (program, runs) in [
            ("tintero-media", &mut own),
            ("sharp", &mut shrunk),
            ("vips, with its start", &mut vips),
        ] {
            println!(
                "{}",
                runs.row(&format!("{name}, {width}: {program}"), &reference)
            );
        }
    }
}

fn image_file(file: &[u8], (width, height): (u32, u32)) -> ImageFile {
    ImageFile {
        id: ImageId::new(uuid::Uuid::nil()),
        media_type: MediaType::Jpeg,
        bytes: file.len() as u64,
        sha256: Digest::of(file),
        uploaded_sha256: None,
        width,
        height,
    }
}

/// Makes a rendition as the server does.
fn made(
    runtime: &Runtime,
    workers: &MediaWorkers,
    file: &Bytes,
    rendition: &ImageRendition,
) -> (f64, Vec<u8>) {
    let start = Instant::now();
    let made = runtime.block_on(async {
        let head = &file[..file.len().min(IMAGE_HEAD)];
        let mut job = workers.admit_rendition(head, rendition).await.unwrap();
        job.reduce(file.clone(), *rendition).await.unwrap().unwrap()
    });
    (start.elapsed().as_secs_f64() * 1000.0, made.to_vec())
}

/// Makes renditions of a file, several at once, for the measurement of memory.
fn memory(path: &Path, width: u32, at_once: u32) {
    let file = Bytes::from(std::fs::read(path).unwrap());
    let size = imagesize::blob_size(&file).unwrap();
    let size = (
        size.width.try_into().unwrap(),
        size.height.try_into().unwrap(),
    );
    let rendition = image_file(&file, size)
        .renditions()
        .find(|it| it.width() == width)
        .unwrap();
    let workers = MediaWorkers::default();
    Runtime::new().unwrap().block_on(async {
        let jobs: Vec<_> = (0..at_once)
            .map(|_| {
                let (workers, file) = (workers.clone(), file.clone());
                tokio::spawn(async move {
                    let head = &file[..file.len().min(IMAGE_HEAD)];
                    let mut job = workers.admit_rendition(head, &rendition).await.unwrap();
                    job.reduce(file.clone(), rendition).await.unwrap()
                })
            })
            .collect();
        for job in jobs {
            job.await.unwrap().unwrap();
        }
    });
    println!("{}", others::peak("self"));
}
