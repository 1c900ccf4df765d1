//! The answer of [`ListObjectsV2`](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).

use serde::Deserialize;
use tintero_domain::{
    images::{StoredFile, StoredObject},
    values::Digest,
};

/// A page of the keys of a bucket.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedKeys {
    #[serde(default)]
    contents: Vec<ListedKey>,
    #[serde(default)]
    is_truncated: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedKey {
    key: String,
    size: u64,
    #[serde(default)]
    last_modified: String,
}

impl ListedKeys {
    pub(super) fn parse(xml: &str) -> Result<Self, quick_xml::DeError> {
        quick_xml::de::from_str(xml)
    }

    /// The objects whose keys are `folder` and a digest in the form `ab/cdef…`. Other keys are ignored.
    pub(super) fn objects(&self, folder: &str) -> Vec<StoredObject> {
        let listed = self.contents.iter();
        listed
            .filter_map(|ListedKey { key, size, .. }| {
                let name = key.strip_prefix(folder)?;
                Some(StoredObject {
                    sha256: Digest::from_stored_name(name)?,
                    bytes: *size,
                })
            })
            .collect()
    }

    /// The files whose keys start with `folder`.
    pub(super) fn files(&self, folder: &str) -> Vec<StoredFile> {
        let listed = self.contents.iter();
        let file = |listed: &ListedKey| {
            Some(StoredFile {
                name: listed.key.strip_prefix(folder)?.to_owned(),
                bytes: listed.size,
                stored_at: listed.last_modified.parse().ok(),
            })
        };
        listed.filter_map(file).collect()
    }

    /// The last key, if more follow.
    pub(super) fn next(&self) -> Option<&str> {
        let last = self.contents.last().filter(|_| self.is_truncated);
        last.map(|listed| listed.key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_no_digests_are_ignored() {
        let digest = Digest::of(b"hola");
        let name = digest.stored_name();
        let xml = format!(
            "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
             <Name>b</Name><IsTruncated>true</IsTruncated>\
             <Contents><Key>p/objects/{name}</Key><Size>4</Size><ETag>\"x\"</ETag></Contents>\
             <Contents><Key>p/objects/{digest}</Key><Size>4</Size></Contents>\
             <Contents><Key>p/objects/README &amp; more</Key><Size>9</Size></Contents></ListBucketResult>"
        );
        let listed = ListedKeys::parse(&xml).unwrap();
        let object = StoredObject {
            sha256: digest,
            bytes: 4,
        };
        assert_eq!(listed.objects("p/objects/"), [object]);
        assert_eq!(listed.next(), Some("p/objects/README & more"));
        let empty = ListedKeys::parse("<ListBucketResult></ListBucketResult>").unwrap();
        assert!(empty.objects("").is_empty() && empty.next().is_none());
    }
}
