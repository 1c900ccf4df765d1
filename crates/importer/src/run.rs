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
    error::ImportError,
    folder::Folder,
    plan::Importer,
    post::{ImportSettings, PostFileReader},
    progress::{ProgressDisplay, print_error, print_output},
    report::{ImportReport, ImportResult, ReportHeader},
};

/// The outcome of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOutcome {
    /// Every file is imported or up to date.
    Done,
    /// At least one file failed or is in conflict. With `--strict`, also if there are warnings.
    Incomplete,
    /// The arguments, the configuration or the server must be corrected first. Changes made before
    /// that stay, and the next run continues from there.
    Refused,
}

impl ImportOutcome {
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

impl From<ImportOutcome> for ExitCode {
    fn from(outcome: ImportOutcome) -> Self {
        outcome.code().into()
    }
}

/// Imports a folder. Prints the report to standard output, and progress and errors to standard error.
pub async fn run(args: Args) -> ImportOutcome {
    match import(&args).await {
        Ok(outcome) => outcome,
        Err(error) => {
            print_error(&format!("tintero: {error}"));
            ImportOutcome::Refused
        }
    }
}

async fn import(args: &Args) -> Result<ImportOutcome, ImportError> {
    let importer = importer(args)?;
    let report_file = args.report.as_deref().map(ReportFile::open).transpose()?;
    let progress = ProgressDisplay::new();
    let plan = importer.plan(&progress).await?;
    let site_warnings = importer.reader.settings.contents.warnings.clone();
    let result = if args.dry_run {
        ImportResult::planned(&plan)
    } else {
        importer.apply(plan, &progress).await
    };
    let (report, stopped) = ImportReport::new(header(args, &importer), site_warnings, result);
    print_output(&if args.json {
        report.to_json()
    } else {
        report.to_text()
    });
    if let Some(file) = report_file {
        file.write(&report)?;
    }
    match stopped {
        Some(error) => Err(error),
        None if report.has_failures() || (args.strict && report.has_warnings()) => {
            Ok(ImportOutcome::Incomplete)
        }
        None => Ok(ImportOutcome::Done),
    }
}

fn header(args: &Args, importer: &Importer) -> ReportHeader {
    ReportHeader {
        import: importer.import.clone(),
        url: args.server.url.to_string(),
        dry_run: args.dry_run,
        zone: importer.reader.settings.zone.clone(),
    }
}

fn importer(args: &Args) -> Result<Importer, ImportError> {
    let folder = Folder::open(&args.folder)?;
    let name = args
        .name
        .as_deref()
        .or_else(|| folder.name())
        .map(str::trim);
    let import = name
        .filter(|name| !name.is_empty())
        .ok_or_else(|| ImportError::new("the folder has no name; set one with --name"))?
        .to_owned();
    let settings = ImportSettings::read(
        &folder,
        args.time_zone.as_ref(),
        args.locale.as_deref(),
        now(),
        args.image_keys(),
        args.generator.map(Into::into),
    )?;
    let client = Client::new(&args.server.url, args.server.token.clone())?;
    Ok(Importer {
        folder,
        reader: PostFileReader::new(settings),
        client,
        import,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the entry point reads the clock once; the code below takes the time as an argument"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

/// The file of `--report`. It is opened before the import begins, so that a path that is not
/// writable fails at once.
struct ReportFile {
    path: PathBuf,
    file: File,
}

impl ReportFile {
    fn open(path: &Path) -> Result<Self, ImportError> {
        let file = File::create(path).map_err(|error| unwritable(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    fn write(mut self, report: &ImportReport) -> Result<(), ImportError> {
        writeln!(self.file, "{}", report.to_json()).map_err(|error| unwritable(&self.path, &error))
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> ImportError {
    ImportError::new(format!(
        "{}: the report cannot be written ({error})",
        path.display()
    ))
}
