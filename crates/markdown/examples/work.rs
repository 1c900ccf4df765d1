//! Prints CPU time, peak memory, steps and output of rendering each shape of hostile texts (Linux only).
//!
//! `cargo run --release -p tintero-markdown --example work -- [--names | BYTES [NAME]]`. With a name, renders only
//! that shape, in this process; `scripts/count-instructions` counts its instructions.

#![expect(clippy::print_stdout, reason = "the output is the purpose")]

#[path = "../tests/it/shapes.rs"]
mod shapes;

use std::{env, error::Error, fs, process::Command};

use tintero_markdown::{
    budget::Budget,
    render::{Rendered, render_within},
    targets::NoTargets,
};

use shapes::{SHAPES, site};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments
        .first()
        .is_some_and(|argument| argument == "--names")
    {
        for shape in SHAPES {
            println!("{}", shape.name);
        }
        return Ok(());
    }
    let bytes = arguments
        .first()
        .map_or(Ok(1024 * 1024), |text| text.parse())?;
    if let Some(name) = arguments.get(1) {
        return one(name, bytes);
    }
    println!(
        "{:<36} {:>8} {:>8} {:>12} {:>10}  limit",
        "shape", "CPU ms", "MiB", "steps", "HTML"
    );
    for shape in SHAPES {
        let output = Command::new(env::current_exe()?)
            .args([&bytes.to_string(), shape.name])
            .output()?;
        print!("{}", String::from_utf8(output.stdout)?);
        if !output.status.success() {
            println!("{:<36} failed: {}", shape.name, output.status);
        }
    }
    Ok(())
}

fn one(name: &str, bytes: usize) -> Result<(), Box<dyn Error>> {
    let shape = SHAPES.iter().find(|shape| shape.name == name);
    let body = shape.ok_or("there is no such shape")?.body(bytes);
    let (budget, site, started) = (Budget::default(), site(), cpu_nanoseconds()?);
    let rendered = render_within(&body, &site, &NoTargets, &budget);
    let Rendered { html, exceeded, .. } = rendered.map_err(|_| "the budget was cancelled")?;
    println!(
        "{name:<36} {:>8} {:>8} {:>12} {:>10}  {}",
        (cpu_nanoseconds()? - started) / 1_000_000,
        peak_kibibytes()? / 1024,
        budget.steps(),
        html.len(),
        exceeded.map_or("", |exceeded| exceeded.limit.code()),
    );
    Ok(())
}

fn cpu_nanoseconds() -> Result<u64, Box<dyn Error>> {
    let times = fs::read_to_string("/proc/self/schedstat")?;
    let first = times.split_whitespace().next().ok_or("no time")?;
    Ok(first.parse()?)
}

fn peak_kibibytes() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no peak")?.parse()?)
}
