use jiff::{Timestamp, tz::TimeZone};
use tintero_markdown::jekyll::site::Site;

use crate::{
    finding::{Finding, Refusal},
    folder::Folder,
    text::shown,
};

/// What all files of an import have in common.
#[derive(Debug)]
pub(crate) struct Settings {
    /// What `_config.yml` says.
    pub(crate) site: Site,
    /// The zone of dates that name none.
    pub(crate) zone: TimeZone,
    /// The language of posts that name none.
    pub(crate) locale: Option<String>,
    /// The moment at which dates begin to lie in the future.
    pub(crate) now: Timestamp,
}

const CONFIG: [&str; 2] = ["_config.yml", "_config.yaml"];

impl Settings {
    /// Reads the site's configuration. A site whose time zone or URLs cannot be known is refused:
    /// every date and every old address would be wrong.
    pub(crate) fn read(
        folder: &Folder,
        zone: Option<&TimeZone>,
        locale: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let site = match folder.read_any(&CONFIG) {
            Some((path, Ok(config))) => {
                let (site, _) = Site::read(&config).map_err(|error| broken(path, &error.into()))?;
                site
            }
            Some((path, Err(finding))) => return Err(broken(path, &finding)),
            None => Site::default(),
        };
        let zone = own_zone(&site)
            .map(|named| named.or_else(|refusal| zone.cloned().ok_or(refusal)))
            .transpose()?
            .or_else(|| zone.cloned())
            .unwrap_or(TimeZone::UTC);
        Ok(Self {
            site,
            zone,
            locale: locale.map(str::to_owned),
            now,
        })
    }
}

fn own_zone(site: &Site) -> Option<Result<TimeZone, Refusal>> {
    let name = site.timezone()?;
    Some(TimeZone::get(name).map_err(|_| {
        Refusal::new(format!(
            "_config.yml: `timezone: {}` is the name of no time zone; correct it or give --time-zone",
            shown(name)
        ))
    }))
}

fn broken(path: &str, finding: &Finding) -> Refusal {
    let line = finding
        .line
        .map_or_else(String::new, |line| format!(":{line}"));
    Refusal::new(format!("{path}{line}: {}", finding.reason))
}
