use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use jiff::Timestamp;

use crate::{
    Args,
    api::Client,
    apply::Done,
    finding::Refusal,
    folder::Folder,
    plan::Site,
    post::{Reader, Settings},
    report::{Report, Subject},
    screen::{Progress, answer, complain},
};

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every file is as its author wants it.
    Done,
    /// Some file failed or is in conflict; with `--strict`, or there were warnings.
    Incomplete,
    /// Something must be changed first: the arguments, the configuration, the server. What was
    /// done before that was noticed stays done, and the next run goes on from there.
    Refused,
}

impl Outcome {
    /// The exit code of the process: 0, 1 or 2.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Incomplete => 1,
            Self::Refused => 2,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        outcome.code().into()
    }
}

/// Imports a folder. Answers go to standard output, progress and complaints to standard error.
pub async fn run(args: Args) -> Outcome {
    match import(&args).await {
        Ok(outcome) => outcome,
        Err(refusal) => {
            complain(&format!("tintero: {refusal}"));
            Outcome::Refused
        }
    }
}

async fn import(args: &Args) -> Result<Outcome, Refusal> {
    let site = site(args)?;
    let sink = args.report.as_deref().map(Sink::open).transpose()?;
    let progress = Progress::new();
    let plan = site.plan(&progress).await?;
    let Done {
        files,
        parts,
        stopped,
    } = if args.dry_run {
        Done::planned(&plan)
    } else {
        site.apply(plan, &progress).await
    };
    let reason = stopped.as_ref().map(ToString::to_string);
    let report = Report::new(subject(args, &site), files, parts, reason);
    answer(&if args.json {
        report.to_json()
    } else {
        report.to_text()
    });
    if let Some(sink) = sink {
        sink.write(&report)?;
    }
    match stopped {
        Some(refusal) => Err(refusal),
        None if report.has_failures() || (args.strict && report.has_doubts()) => {
            Ok(Outcome::Incomplete)
        }
        None => Ok(Outcome::Done),
    }
}

fn subject(args: &Args, site: &Site) -> Subject {
    let settings = site.reader.settings();
    Subject {
        import: site.import.clone(),
        url: args.url.to_string(),
        dry_run: args.dry_run,
        zone: settings.zone.clone(),
        oddities: settings.around.oddities.clone(),
    }
}

fn site(args: &Args) -> Result<Site, Refusal> {
    let folder = Folder::open(&args.folder)?;
    let name = args
        .name
        .as_deref()
        .or_else(|| folder.name())
        .map(str::trim);
    let import = name
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            Refusal::new("the folder has no name of its own; give the import one with --name")
        })?
        .to_owned();
    let settings = Settings::read(
        &folder,
        args.time_zone.as_ref(),
        args.locale.as_deref(),
        now(),
        args.image_keys(),
    )?;
    let client = Client::new(&args.url, args.token.clone())?;
    Ok(Site {
        folder,
        reader: Reader::new(settings),
        client,
        import,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a command has no `Clock`; everything below it takes the moment as an argument"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

/// The file of `--report`, opened before the work begins: a report that cannot be written must not
/// be noticed after an hour.
struct Sink {
    path: PathBuf,
    file: File,
}

impl Sink {
    fn open(path: &Path) -> Result<Self, Refusal> {
        let file = File::create(path).map_err(|error| unwritable(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    fn write(mut self, report: &Report) -> Result<(), Refusal> {
        writeln!(self.file, "{}", report.to_json()).map_err(|error| unwritable(&self.path, &error))
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::new(format!(
        "{}: the report cannot be written ({error})",
        path.display()
    ))
}
