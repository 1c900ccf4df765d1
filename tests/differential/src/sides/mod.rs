//! The engines that are compared.

pub(crate) mod dynoxide;
mod http;
mod ours;

use anyhow::Result;
use serde_json::Value;

pub(crate) use self::http::HttpSide;
pub(crate) use self::ours::Ours;

use crate::answer::Answer;
use crate::request::{PREFIX, Request};

/// An engine that answers raw requests.
pub(crate) trait Side {
    fn name(&self) -> &'static str;

    fn send(&mut self, operation: &str, body: &str) -> Result<Answer>;
}

/// Executes a request on the tables of run number `run` and returns its comparable answer.
pub(crate) fn answer(side: &mut dyn Side, request: &Request, run: u32) -> Result<Answer> {
    let prefix = format!("r{run}-");
    let mut body = request.body.replace(PREFIX, &prefix);
    let mut page = side.send(request.operation, &body)?;
    while request.every_page && page.body.get("LastEvaluatedKey").is_some() {
        let last = page.body["LastEvaluatedKey"].take();
        let mut next: Value = serde_json::from_str(&body)?;
        next["ExclusiveStartKey"] = last;
        body = next.to_string();
        let following = side.send(request.operation, &body)?;
        page = joined(page, following);
    }
    if request.every_page
        && let Some(members) = page.body.as_object_mut()
    {
        let pages = ["Count", "ScannedCount", "ConsumedCapacity"];
        members.retain(|name, _| !pages.contains(&name.as_str()));
    }
    let text = page.body.to_string().replace(&prefix, PREFIX);
    let page = Answer {
        status: page.status,
        body: serde_json::from_str(&text)?,
    };
    Ok(page.comparable(request.operation))
}

/// Appends the items of the following page. The number and the size of pages may differ.
fn joined(mut first: Answer, mut following: Answer) -> Answer {
    if let (Some(items), Some(more)) = (
        first.body["Items"].as_array_mut(),
        following.body["Items"].as_array_mut(),
    ) {
        items.append(more);
        std::mem::swap(items, more);
    }
    following
}
