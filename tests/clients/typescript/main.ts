// Uses the API through the types of openapi-typescript. Every member is read with its generated type.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const [url, email, password, picture] = process.argv.slice(2) as [string, string, string, string];
const anonymous = createClient<paths>({ baseUrl: url });

const session = await anonymous.POST("/v1/auth/login", { body: { email, password } });
assert(session.data, JSON.stringify(session.error));
// A user with a second factor gets a challenge.
assert("access_token" in session.data);
const api = createClient<paths>({
  baseUrl: url,
  headers: { authorization: `Bearer ${session.data.access_token}` },
});

const slug = `typescript-${Date.now()}`;
const created = await api.POST("/v1/posts", {
  params: { header: {} },
  body: { title: "From TypeScript", body: "# Hello\n", slug, tags: ["clients"], extra: { rating: 5, nested: { a: [1, null] } } },
});
assert(created.data, JSON.stringify(created.error));
const post: components["schemas"]["Post"] = created.data;
const rating: unknown = post.extra["rating"];
assert.equal(rating, 5);
assert.equal(post.live, null);
assert.equal(post.excerpt, null);
const first = created.response.headers.get("etag");
assert(first);

const path = { id: post.id };
const patched = await api.PATCH("/v1/posts/{id}", {
  params: { path, header: { "If-Match": first } },
  body: { excerpt: "Typed", seo: { title: "SEO" } },
});
assert(patched.data, JSON.stringify(patched.error));
assert.equal(patched.data.excerpt, "Typed");
assert.equal(patched.data.seo?.title, "SEO");
const second = patched.response.headers.get("etag");
assert(second);

// A refused write: the details of the conflict are typed.
const stale = await api.PATCH("/v1/posts/{id}", {
  params: { path, header: { "If-Match": first } },
  body: { excerpt: "Too late" },
});
assert.equal(stale.response.status, 412);
assert(stale.error?.code === "stale");
assert.equal(stale.error.mergeable, false);
assert.equal(stale.error.conflicts?.["excerpt"]?.current, "Typed");
assert(stale.error.links?.current.startsWith("/v1/posts/"));

const published = await api.POST("/v1/posts/{id}/publish", {
  params: { path, header: { "If-Match": second } },
  body: {},
});
assert.equal(published.data?.status, "published");
assert.equal(published.data?.live?.slug, slug);

// A union is narrowed by `view`.
const list = await anonymous.GET("/v1/posts", {
  params: { query: { tag: ["clients"], limit: 100, include: ["categories", "bylines"] } },
});
assert(list.data, JSON.stringify(list.error));
const row = list.data.items.find((item) => item.id === post.id);
assert(row?.view === "live");
const date: string = row.published_at;
assert(date && list.data.included?.categories);
const sparse = await anonymous.GET("/v1/posts", {
  params: { query: { ids: [post.id], fields: ["slug", "title"] } },
});
const thin = sparse.data?.items[0];
assert(thin?.view === "sparse_live" && thin.slug === slug && thin.excerpt === undefined);

const live = await anonymous.GET("/v1/posts/by-slug/{slug}", { params: { path: { slug } } });
assert.equal(live.data?.html.includes("Hello"), true);
const either = await api.GET("/v1/posts/{id}", { params: { path, query: { view: "live" } } });
assert(either.data?.view === "live" && either.data.archived === false);

const form = new FormData();
form.set("file", new Blob([readFileSync(picture)], { type: "image/png" }), "picture.png");
form.set("alt", "A picture");
const upload = await api.POST("/v1/images", {
  body: { file: "", alt: "A picture", source_path: "" },
  bodySerializer: () => form,
});
const image = upload.data;
assert(image, JSON.stringify(upload.error));
assert(image.width > 0 && image.alt === "A picture");

const refused = await api.POST("/v1/posts", { params: { header: {} }, body: { title: "", body: "x" } });
assert.equal(refused.response.status, 422);
assert.equal(refused.error?.errors?.[0]?.pointer, "/title");
const taken = await api.POST("/v1/redirects", {
  body: { from: "/feed.xml", to: "no path" },
});
assert.equal(taken.error?.errors?.[0]?.pointer, "/to");
const missing = await anonymous.GET("/v1/posts", { params: { query: { category: "nowhere" } } });
assert.equal(missing.response.status, 404);
assert.equal(missing.error?.code, "not_found");

const deletion = await api.POST("/v1/posts:batch", {
  params: { header: {} },
  body: { operations: [{ op: "update", id: post.id, if_match: first, value: { title: "Batch" } }] },
});
assert.equal(deletion.data?.results[0]?.problem?.code, "stale");
console.log("ok");
