"""Uses the API through the client of openapi-python-client."""

import sys
import time
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from tintero_attrs import AuthenticatedClient, Client
from tintero_attrs.api.accounts import open_session
from tintero_attrs.api.images import update_image, upload_image
from tintero_attrs.api.posts import create_post, get_post, list_posts, publish_post, update_post
from tintero_attrs.models import (
    CreatePost, CreatePostExtraType0, LivePost, LivePostSummary, Login, PatchImage, PatchPost, PublishPost,
    SparseLivePost, StaleProblem, UploadImage,
)
from tintero_attrs.types import File

url, email, password, picture = sys.argv[1:]
session = open_session.sync(client=Client(base_url=url), body=Login(email=email, password=password))
anonymous = Client(base_url=url)
api = AuthenticatedClient(base_url=url, token=session.access_token)

slug = f"python-{time.time_ns()}"
extra = CreatePostExtraType0.from_dict({"rating": 5, "nested": {"a": [1, None]}})
created = create_post.sync_detailed(
    client=api, body=CreatePost(title="From Python", body="# Hello\n", slug=slug, tags=["clients"], extra=extra))
post = created.parsed
assert created.status_code == HTTPStatus.CREATED, created
assert post.live is None and post.excerpt is None and post.extra["rating"] == 5
first = created.headers["etag"]

patched = update_post.sync_detailed(post.id, client=api, if_match=first, body=PatchPost(excerpt="Typed"))
assert patched.parsed.excerpt == "Typed", patched
second = patched.headers["etag"]

stale = update_post.sync(post.id, client=api, if_match=first, body=PatchPost(excerpt="Too late"))
assert isinstance(stale, StaleProblem) and stale.mergeable is False
assert stale.conflicts["excerpt"].current == "Typed" and stale.links.current.startswith("/v1/posts/")

published = publish_post.sync(post.id, client=api, if_match=second, body=PublishPost())
assert published.status == "published" and published.live.slug == slug, published

page = list_posts.sync(client=anonymous, tag=["clients"], limit=100, include=["categories"])
row = next(row for row in page.items if row.id == post.id)
assert isinstance(row, LivePostSummary) and row.published_at and page.included.categories == []
sparse = list_posts.sync(client=anonymous, ids=[post.id], fields=["slug"]).items[0]
assert isinstance(sparse, SparseLivePost) and sparse.slug == slug, sparse
live = get_post.sync(post.id, client=api, view="live")
assert isinstance(live, LivePost) and not live.archived

file = File(BytesIO(Path(picture).read_bytes()), "picture.png", "image/png")
uploaded = upload_image.sync_detailed(client=api, body=UploadImage(file=file, alt="A picture"))
assert uploaded.parsed.width > 0, uploaded
renamed = update_image.sync(
    uploaded.parsed.id, client=api, if_match=uploaded.headers["etag"], body=PatchImage(alt="Another"))
assert renamed.alt == "Another", renamed

refused = create_post.sync(client=api, body=CreatePost(title="", body="x"))
assert refused.code == "invalid" and refused.errors[0].pointer == "/title", refused
missing = list_posts.sync(client=anonymous, category="nowhere")
assert missing.code == "not_found", missing
print("ok")
