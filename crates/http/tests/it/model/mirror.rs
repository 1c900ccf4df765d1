//! A static copy of the published posts that repeats only changes, as a site generator does.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tintero_domain::values::Timestamp;

use super::{desk::Desk, operations::Moment};

/// Slug and locale.
type Place = (String, String);

#[derive(Debug, Default)]
pub(super) struct Mirror {
    /// Id and time of publication of the post at each address.
    pages: BTreeMap<Place, Value>,
    /// The value of `updated_since` for the next update.
    since: Option<String>,
}

fn place(row: &Value) -> Place {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    (text("slug"), text("locale"))
}

fn moment(now: Moment) -> String {
    Timestamp::from_millis(now).to_string()
}

impl Mirror {
    fn add(&mut self, row: &Value) {
        let page = json!({ "id": row["id"], "updated_at": row["updated_at"] });
        self.pages.insert(place(row), page);
    }
}

impl Desk {
    /// Applies the changes to the copy and compares it with the model.
    pub(super) fn compare_mirror(&mut self, limit: usize) {
        let mut mirror = std::mem::take(&mut self.mirror);
        self.update(&mut mirror, limit);
        let rows = self.world.public(|_| true).into_iter();
        let rows = rows.map(|(nth, live)| self.names.live(&self.world, nth, live));
        let mut expected = Mirror::default();
        rows.for_each(|row| expected.add(&row));
        assert_eq!(mirror.pages, expected.pages, "since {:?}", mirror.since);
        self.mirror = mirror;
    }

    fn update(&self, mirror: &mut Mirror, limit: usize) {
        let since = mirror.since.take().unwrap_or_default();
        let path = format!("/v1/posts?updated_since={since}&limit={limit}");
        if self.get(&path, false).status != 200 {
            // The first update, or the first one for more than thirty days.
            mirror.pages.clear();
            let pages = self.walk("/v1/posts?limit=100", false, false);
            let rows = pages.iter().flat_map(crate::call::Answer::rows);
            rows.for_each(|row| mirror.add(&row));
            mirror.since = Some(moment(self.world.now));
            return;
        }
        for page in self.walk(&path, false, false) {
            let removed = page.body["removed"].as_array().cloned().unwrap_or_default();
            for gone in &removed {
                mirror.pages.remove(&place(gone));
            }
            page.rows().iter().for_each(|row| mirror.add(row));
            let next = page.body["next_updated_since"].as_str();
            mirror.since = next.map(str::to_owned);
        }
    }
}
