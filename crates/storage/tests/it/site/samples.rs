//! Callers, posts and patches for tests.

use std::time::Duration;

use tintero_domain::{
    access::{Assurance, Caller, Grant, RequestContext, Role},
    posts::{FirstStatus, Manuscript, NewPost, PostPatch, Schedule},
    values::{Slug, Timestamp, UserId},
    writes::IdempotencyRequest,
};
use uuid::Uuid;

use super::DAWN;

pub(crate) fn draft(title: &str) -> NewPost {
    NewPost {
        status: FirstStatus::Draft,
        title: title.parse().unwrap(),
        slug: None,
        locale: None,
        published_at: None,
        excerpt: None,
        tags: Vec::new(),
        category_ids: Vec::new(),
        byline_ids: Vec::new(),
        featured_image_id: None,
        aliases: Vec::new(),
        source: None,
        translation: None,
        manuscript: Manuscript {
            body: format!("# {title}\n\nTexto de *{title}*.\n"),
            ..Manuscript::default()
        },
        note: None,
    }
}

pub(crate) fn caller(role: Role, user: u128) -> Caller {
    Caller {
        user_id: UserId::new(Uuid::from_u128(user)),
        role,
        grant: Grant::Session(None),
        assurance: Assurance::OneFactor,
        request: RequestContext {
            request_id: "test".to_owned(),
            ..RequestContext::default()
        },
    }
}

pub(crate) fn editor() -> Caller {
    caller(Role::Editor, 1)
}

/// The caller with an idempotency key.
pub(crate) fn once(mut caller: Caller, key: &str, digest: &str) -> Caller {
    caller.request.idempotency = Some(IdempotencyRequest {
        key: key.to_owned(),
        request_digest: digest.to_owned(),
    });
    caller
}

pub(crate) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

pub(crate) fn slug_patch(text: &str) -> PostPatch {
    PostPatch {
        slug: Some(slug(text)),
        ..PostPatch::default()
    }
}

pub(crate) fn title_patch(text: &str) -> PostPatch {
    PostPatch {
        title: text.parse().ok(),
        ..PostPatch::default()
    }
}

pub(crate) fn body_patch(text: &str) -> PostPatch {
    PostPatch {
        body: Some(text.to_owned()),
        ..PostPatch::default()
    }
}

pub(crate) fn tags_patch(tags: &[&str]) -> PostPatch {
    PostPatch {
        tags: Some(tags.iter().map(|tag| tag.parse().unwrap()).collect()),
        ..PostPatch::default()
    }
}

/// A schedule in seconds after the beginning of the test.
pub(crate) fn schedule(publish_at: Option<u64>, unpublish_at: Option<u64>) -> Schedule {
    Schedule {
        publish_at: publish_at.map(later),
        unpublish_at: unpublish_at.map(later),
    }
}

/// Seconds after the beginning of the test.
pub(crate) fn later(seconds: u64) -> Timestamp {
    Timestamp::from_millis(DAWN).after(Duration::from_secs(seconds))
}

/// ASCII letters that do not compress below a chunk per 400 KB.
pub(crate) fn noise(length: usize) -> String {
    let mut state = 1_u64;
    let letter = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b'A' + u8::try_from((state >> 33) % 58).unwrap())
    };
    let letters = (0..length).map(letter);
    letters.filter(char::is_ascii_alphabetic).collect()
}
