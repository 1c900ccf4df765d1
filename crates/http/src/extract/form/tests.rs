use std::convert::Infallible;

use futures::{StreamExt as _, stream};
use http::HeaderValue;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::*;

const HEAD: &str = "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
const END: &str = "\r\n--x--\r\n";

fn form(body: Stream) -> Form {
    let media_type = HeaderValue::from_static("multipart/form-data; boundary=x");
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media_type)]);
    Form::reading(&headers, body, 20 * 1024 * 1024).unwrap()
}

fn body(pieces: impl IntoIterator<Item = Bytes, IntoIter: Send + 'static>) -> Stream {
    Stream::from_stream(stream::iter(pieces.into_iter().map(Ok::<_, Infallible>)))
}

/// The names and contents of all fields.
async fn fields(mut form: Form) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut fields = Vec::new();
    while let Some(mut field) = form.next().await? {
        let mut content = Vec::new();
        let name = field.name().to_owned();
        while let Some(piece) = field.chunk().await? {
            content.extend(piece);
        }
        fields.push((name, content));
    }
    Ok(fields)
}

#[tokio::test]
async fn a_head_that_does_not_end_is_not_gathered_for_ever() {
    let start = Bytes::from_static(b"--x\r\nContent-Disposition: form-data; name=\"");
    let more = std::iter::repeat_n(Bytes::from(vec![b'a'; 64 * 1024]), 10_000);
    let pulled = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&pulled);
    let pieces = std::iter::once(start).chain(more).inspect(move |piece| {
        counted.fetch_add(piece.len(), Relaxed);
    });
    let refused = fields(form(body(pieces))).await.unwrap_err();
    assert_eq!(refused.document("", "")["code"], "malformed_body");
    assert!(pulled.load(Relaxed) < 2 * MAX_UNREAD);
}

#[tokio::test]
async fn no_more_is_taken_from_a_fast_client_than_is_read() {
    let pulled = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&pulled);
    let content = std::iter::repeat_n(Bytes::from(vec![b'a'; PIECE]), 100);
    let pieces = std::iter::once(Bytes::from_static(HEAD.as_bytes()))
        .chain(content)
        .chain([Bytes::from_static(END.as_bytes())]);
    let pieces = stream::iter(pieces.map(Ok::<_, Infallible>)).inspect(move |_| {
        counted.fetch_add(1, Relaxed);
    });
    let mut form = form(Stream::from_stream(pieces));
    let mut field = form.next().await.unwrap().unwrap();
    let mut read = 0;
    while let Some(piece) = field.chunk().await.unwrap() {
        read += piece.len();
        assert!(pulled.load(Relaxed) * PIECE <= read + 4 * PIECE);
    }
    assert_eq!(read, 100 * PIECE);
}

#[tokio::test]
async fn a_body_that_breaks_off_or_is_too_long_is_told_apart() {
    let broken = stream::iter([Ok(Bytes::from_static(HEAD.as_bytes())), Err("cut")]);
    let refused = fields(form(Stream::from_stream(broken))).await.unwrap_err();
    assert_eq!(refused.document("", "")["detail"], "The body broke off.");
    let long = [HEAD.as_bytes().to_vec(), vec![0; 21 * 1024 * 1024]].concat();
    let refused = fields(form(long.into())).await.unwrap_err();
    assert_eq!(refused.document("", "")["code"], "body_too_large");
}

proptest! {
    #[test]
    fn however_a_body_is_cut_the_fields_are_the_same(
        content in prop::collection::vec(prop::sample::select(b"ab\r\n-x".to_vec()), 0..100),
        size in 1_usize..50,
    ) {
        // The boundary within the content would be the end of it.
        prop_assume!(!content.windows(5).any(|window| window == b"\r\n--x"));
        let whole = [HEAD.as_bytes(), &content, END.as_bytes()].concat();
        let pieces: Vec<_> = whole.chunks(size).map(Bytes::copy_from_slice).collect();
        let read = Runtime::new().unwrap().block_on(fields(form(body(pieces)))).unwrap();
        prop_assert_eq!(read, [("file".to_owned(), content)]);
    }
}
