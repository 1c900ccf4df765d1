//! Finds the posts of files that moved.

use std::collections::{BTreeMap, BTreeSet};

use super::{FilePlan, Importer, PlannedFile, PostDecision, RemoteIds, decide, required};
use crate::{api::RemotePostRow, error::ImportError, post::ParsedPost};

impl Importer {
    /// Gives new files the posts of files that are gone. A file that moved is the same post: with the
    /// same bytes, otherwise with the same old URL, otherwise with the same slug.
    ///
    /// The posts of the server are listed only if an earlier run imported some of the files.
    pub(super) async fn follow_moved(
        &self,
        files: &mut [PlannedFile],
        ids: &RemoteIds,
    ) -> Result<(), ImportError> {
        let is_new = |file: &PlannedFile| file.decision() == Some(&PostDecision::Create);
        let has_new = files.iter().any(is_new);
        let has_known = files
            .iter()
            .any(|file| file.decision().is_some() && !is_new(file));
        if !has_new || !has_known {
            return Ok(());
        }
        let present: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let mut gone = required(self.client.list_posts().await)?;
        gone.retain(|post| {
            let source = post.source.as_ref();
            source.is_some_and(|source| {
                source.import == self.import && !present.contains(source.path.as_str())
            })
        });
        for (index, id) in matches(files, &gone) {
            let remote = required(self.client.get_post(&id).await)?;
            let file = &mut files[index];
            if let FilePlan::Planned(planned) = &mut file.plan {
                planned.decision = decide::decide_moved(&self.reader, ids, &planned.post, &remote);
                planned.moved_from = remote.source("path").map(str::to_owned);
            }
        }
        Ok(())
    }
}

/// Returns the indexes of new files with the ids of their posts. A post that fits several files, or a file
/// that several posts fit, is not matched.
fn matches(files: &[PlannedFile], gone: &[RemotePostRow]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut free: BTreeSet<&str> = gone.iter().map(|post| post.id.as_str()).collect();
    let mut new: BTreeMap<usize, &ParsedPost> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        if let FilePlan::Planned(planned) = &file.plan
            && planned.decision == PostDecision::Create
        {
            new.insert(index, &planned.post);
        }
    }
    for is_same in [has_same_bytes, has_same_url, has_same_slug] {
        let mut candidates: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        let mut claims: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, post) in &new {
            for remote in gone
                .iter()
                .filter(|remote| free.contains(remote.id.as_str()))
            {
                if is_same(post, remote) {
                    candidates.entry(*index).or_default().push(&remote.id);
                    *claims.entry(&remote.id).or_default() += 1;
                }
            }
        }
        for (index, ids) in candidates {
            if let [id] = ids.as_slice()
                && claims[id] == 1
            {
                found.push((index, (*id).to_owned()));
                free.remove(id);
                new.remove(&index);
            }
        }
    }
    found
}

fn has_same_bytes(post: &ParsedPost, remote: &RemotePostRow) -> bool {
    let source = remote.source.as_ref();
    source.is_some_and(|source| source.sha256 == post.sha256)
}

fn has_same_url(post: &ParsedPost, remote: &RemotePostRow) -> bool {
    let mut aliases = post.content.aliases.iter();
    aliases.any(|alias| remote.aliases.contains(alias))
}

fn has_same_slug(post: &ParsedPost, remote: &RemotePostRow) -> bool {
    let locale = post.content.locale.as_ref();
    post.content.slug == remote.slug && locale.is_none_or(|locale| *locale == remote.locale)
}
