//! Texts that could cost much for their length.

use anyhow::Result;
use http::Method;
use serde_json::json;

use crate::{
    process::Process,
    report::{Report, progress},
    site::Site,
};

/// Length of the texts, in bytes. JSON needs up to two for one.
const LENGTH: usize = 900_000;

/// A text: its name, its begin, what is repeated, and its end.
type Repeated = (&'static str, &'static str, &'static str, &'static str);

const TEXTS: &[Repeated] = &[
    (
        "prose",
        "",
        "A sentence of *some* words, and its [link](/a).\n",
        "",
    ),
    ("lines", "", "a\n", ""),
    ("`{:`", "", "{:", ""),
    ("`{: .a}`", "", "{: .a}", ""),
    ("`{#`", "", "{#", ""),
    ("`$$`", "", "$$", ""),
    ("`![a](b c \"`", "", "![a](b c \"", ""),
    ("`[a](`", "", "[a](", ""),
    ("`[`", "", "[", ""),
    ("`*a **b `", "", "*a **b ", ""),
    ("`` ` ``", "", "`", ""),
    ("`<div>`", "", "<div>", ""),
    ("`<a `", "", "<a ", ""),
    ("small tables", "", "|a|b|c|\n|-|-|-|\n|1|2|3|\n\n", ""),
    (
        "uses of one reference",
        "[a]: /bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n\n",
        "[a]",
        "",
    ),
    ("uses of one footnote", "[^a]: x\n\n", "[^a]", ""),
    (
        "Liquid, one `append` after another",
        "{{ 'aaaaaaaaaaaaaaaa'",
        "|append:'aaaaaaaaaaaaaaaa'",
        "}}",
    ),
    (
        "Liquid, one `replace` after another",
        "{{ 'aaaaaaaaaaaaaaaa'",
        "|replace:'a','aaaaaaaa'",
        "}}",
    ),
    ("Liquid, values", "", "{{ 'a' }}", ""),
];

/// Renders each text once.
pub(super) async fn measure(server: &Process, site: &mut Site, report: &mut Report) -> Result<()> {
    progress("hostile texts");
    let mut rows = Vec::new();
    for (name, begin, unit, end) in TEXTS {
        let count = (LENGTH - begin.len() - end.len()) / unit.len();
        let body = json!({ "body": format!("{begin}{}{end}", unit.repeat(count)) });
        let request = site.json(Method::POST, "/v1/render", &body);
        server.forget_peak()?;
        let (before, cpu) = (server.resident()?, server.cpu()?);
        let answer = site.exchange(request).await?;
        let code = serde_json::from_slice::<serde_json::Value>(&answer.body)?;
        rows.push([
            (*name).to_owned(),
            match code["code"].as_str() {
                Some(code) => format!("{} {code}", answer.status.as_u16()),
                None => answer.status.as_u16().to_string(),
            },
            (answer.body.len() / 1024).to_string(),
            format!("{:.2}", server.cpu()? - cpu),
            format!("{:.0}", server.peak()? - before),
        ]);
    }
    report.heading("Hostile texts");
    report.paragraph(&format!(
        "Each text has {LENGTH} bytes and is rendered once by `POST /v1/render`."
    ));
    let header = ["repeated", "answer", "answer KiB", "CPU s", "memory MiB"];
    report.table(header, rows);
    Ok(())
}
