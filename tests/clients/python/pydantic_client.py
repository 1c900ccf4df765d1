"""Uses the API through the Python client of OpenAPI Generator, which validates every answer."""

import sys
import time
from pathlib import Path

import tintero_pydantic as tintero
from tintero_pydantic.exceptions import ApiException

url, email, password, picture = sys.argv[1:]
anonymous = tintero.ApiClient(tintero.Configuration(host=url))
login = tintero.Login(email=email, password=password)
token = tintero.AccountsApi(anonymous).open_session(login).access_token
client = tintero.ApiClient(tintero.Configuration(host=url, access_token=token))
posts = tintero.PostsApi(client)

slug = f"pydantic-{time.time_ns()}"
new = tintero.CreatePost(
    title="From Python", body="# Hello\n", slug=slug, tags=["clients"], extra={"rating": 5, "nested": {"a": [1, None]}})
created = posts.create_post_with_http_info(new)
post = created.data
assert post.live is None and post.excerpt is None and post.extra["rating"] == 5
first = created.headers["etag"]

patched = posts.update_post_with_http_info(post.id, first, tintero.PatchPost(excerpt="Typed"))
assert patched.data.excerpt == "Typed"
second = patched.headers["etag"]
try:
    posts.update_post(post.id, first, tintero.PatchPost(excerpt="Too late"))
    raise SystemExit("an outdated write was accepted")
except ApiException as refusal:
    assert refusal.status == 412 and refusal.data.mergeable is False
    assert refusal.data.conflicts["excerpt"].current == "Typed"

published = posts.publish_post(post.id, second, publish_post=tintero.PublishPost())
assert published.status == "published" and published.live.slug == slug

page = tintero.PostsApi(anonymous).list_posts(tag=["clients"], limit=100, include=["categories"])
row = next(item.actual_instance for item in page.items if item.actual_instance.id == post.id)
assert isinstance(row, tintero.LivePostSummary) and row.published_at
sparse = tintero.PostsApi(anonymous).list_posts(ids=[post.id], fields=["slug"]).items[0].actual_instance
assert isinstance(sparse, tintero.SparseLivePost) and sparse.slug == slug
assert tintero.PostsApi(anonymous).get_post_by_slug(slug).html
live = posts.get_post(post.id, view="live").actual_instance
assert isinstance(live, tintero.LivePost)
revision = posts.get_post_revision(post.id, post.revision)
assert revision.excerpt is None

image = tintero.ImagesApi(client).upload_image(("picture.png", Path(picture).read_bytes()), alt="A picture")
assert image.width > 0 and image.source_path is None

try:
    posts.create_post(tintero.CreatePost.model_construct(title="", body="x"))
    raise SystemExit("an empty title was accepted")
except ApiException as refusal:
    assert refusal.status == 422 and refusal.data.errors[0].pointer == "/title"
try:
    tintero.PostsApi(anonymous).list_posts(category="nowhere")
    raise SystemExit("an unknown category was accepted")
except ApiException as refusal:
    assert refusal.status == 404 and refusal.data.code == "not_found"
print("ok")
