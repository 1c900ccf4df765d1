use std::convert::Infallible;

use futures::{StreamExt as _, stream};
use http::HeaderValue;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::*;

const HEAD: &str = "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
const END: &str = "\r\n--x--\r\n";

fn form(body: Stream) -> MultipartForm {
    let media_type = HeaderValue::from_static("multipart/form-data; boundary=x");
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media_type)]);
    MultipartForm::reading(&headers, body, 20 * 1024 * 1024).unwrap()
}

fn body(chunks: impl IntoIterator<Item = Bytes, IntoIter: Send + 'static>) -> Stream {
    Stream::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, Infallible>)))
}

async fn fields(mut form: MultipartForm) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut fields = Vec::new();
    while let Some(mut field) = form.next().await? {
        let mut content = Vec::new();
        let name = field.name().to_owned();
        while let Some(chunk) = field.chunk().await? {
            content.extend(chunk);
        }
        fields.push((name, content));
    }
    Ok(fields)
}

#[tokio::test]
async fn an_endless_field_header_is_rejected() {
    let start = Bytes::from_static(b"--x\r\nContent-Disposition: form-data; name=\"");
    let more = std::iter::repeat_n(Bytes::from(vec![b'a'; 64 * 1024]), 10_000);
    let pulled = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&pulled);
    let chunks = std::iter::once(start).chain(more).inspect(move |chunk| {
        counted.fetch_add(chunk.len(), Relaxed);
    });
    let refused = fields(form(body(chunks))).await.unwrap_err();
    assert_eq!(refused.document("", "")["code"], "malformed_body");
    assert!(pulled.load(Relaxed) < 2 * MAX_UNREAD);
}

#[tokio::test]
async fn a_fast_client_fills_no_buffers() {
    let pulled = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&pulled);
    let content = std::iter::repeat_n(Bytes::from(vec![b'a'; CHUNK]), 100);
    let chunks = std::iter::once(Bytes::from_static(HEAD.as_bytes()))
        .chain(content)
        .chain([Bytes::from_static(END.as_bytes())]);
    let chunks = stream::iter(chunks.map(Ok::<_, Infallible>)).inspect(move |_| {
        counted.fetch_add(1, Relaxed);
    });
    let mut form = form(Stream::from_stream(chunks));
    let mut field = form.next().await.unwrap().unwrap();
    let mut read = 0;
    while let Some(chunk) = field.chunk().await.unwrap() {
        read += chunk.len();
        assert!(pulled.load(Relaxed) * CHUNK <= read + 4 * CHUNK);
    }
    assert_eq!(read, 100 * CHUNK);
}

#[tokio::test]
async fn incomplete_and_too_large_bodies_are_distinguished() {
    let broken = stream::iter([Ok(Bytes::from_static(HEAD.as_bytes())), Err("cut")]);
    let refused = fields(form(Stream::from_stream(broken))).await.unwrap_err();
    assert_eq!(refused.document("", "")["detail"], "The body ended early.");
    let long = [HEAD.as_bytes().to_vec(), vec![0; 21 * 1024 * 1024]].concat();
    let refused = fields(form(long.into())).await.unwrap_err();
    assert_eq!(refused.document("", "")["code"], "body_too_large");
}

proptest! {
    #[test]
    fn fields_do_not_depend_on_chunk_boundaries(
        content in prop::collection::vec(prop::sample::select(b"ab\r\n-x".to_vec()), 0..100),
        size in 1_usize..50,
    ) {
        // The boundary would end the content.
        prop_assume!(!content.windows(5).any(|window| window == b"\r\n--x"));
        let whole = [HEAD.as_bytes(), &content, END.as_bytes()].concat();
        let chunks: Vec<_> = whole.chunks(size).map(Bytes::copy_from_slice).collect();
        let read = Runtime::new().unwrap().block_on(fields(form(body(chunks)))).unwrap();
        prop_assert_eq!(read, [("file".to_owned(), content)]);
    }
}
