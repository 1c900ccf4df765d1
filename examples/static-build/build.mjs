// Builds a static site from the published posts. Needs Node 20 or newer, and no packages.
//
//   TINTERO_URL=http://localhost:8080 TINTERO_KEY=tin_… node build.mjs FOLDER
//
// The first run writes all pages. Later runs repeat only what has changed. With a key of the scope `build`, the
// redirects are written to `_redirects` too.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const { TINTERO_URL: url = "http://localhost:8080", TINTERO_KEY: key } = process.env;
const folder = process.argv[2];
if (!folder) {
  console.error("usage: node build.mjs FOLDER");
  process.exit(2);
}
const stateFile = join(folder, ".build.json");
const fields = "slug,locale,title,published_at,html";

// Two requests may overlap by this time, so that no change is missed.
const OVERLAP = 2 * 60 * 1000;

const get = async (path) => {
  const headers = key ? { authorization: `ApiKey ${key}` } : {};
  return fetch(new URL(path, url), { headers });
};

const successful = async (answer) => {
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
  return answer;
};

const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const page = (title, body) =>
  `<!doctype html>\n<meta charset="utf-8">\n<title>${escaped(title)}</title>\n${body}`;

const put = async (file, text) => {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
};

// Returns the state of the last build: the posts by address, and the time of the next changes.
const load = async () => {
  try {
    return JSON.parse(await readFile(stateFile, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return { posts: {} };
    throw error;
  }
};

// Reads all pages of a list. Returns `undefined` if the server does not know changes since that time.
const walk = async (query, visit) => {
  let path = `/v1/posts?${query}&limit=25&fields=${fields}`;
  let requests = 0;
  while (path) {
    const answer = await get(path);
    if (answer.status === 400 && requests === 0 && query) return undefined;
    const body = await (await successful(answer)).json();
    requests += 1;
    await visit(body, answer);
    const next = body.page.next_cursor;
    path = next && `/v1/posts?${query}&limit=25&fields=${fields}&cursor=${encodeURIComponent(next)}`;
  }
  return requests;
};

const state = await load();
const result = { written: 0, removed: 0 };

const remove = async (address) => {
  if (!(address in state.posts)) return;
  delete state.posts[address];
  await rm(join(folder, address), { recursive: true, force: true });
  result.removed += 1;
};

const write = async ({ slug, locale, title, published_at, html }) => {
  const address = `${locale}/${slug}`;
  state.posts[address] = { title, published_at };
  await put(`${address}/index.html`, page(title, `<h1>${escaped(title)}</h1>\n${html}`));
  result.written += 1;
};

const incremental = async () =>
  walk(`updated_since=${state.since}`, async (body) => {
    for (const { locale, slug } of body.removed) await remove(`${locale}/${slug}`);
    for (const post of body.items) await write(post);
    state.since = body.next_updated_since;
  });

const complete = async () => {
  const before = new Set(Object.keys(state.posts));
  let since;
  const requests = await walk("", async (body, answer) => {
    since ??= new Date(Date.parse(answer.headers.get("date")) - OVERLAP).toISOString();
    for (const post of body.items) {
      before.delete(`${post.locale}/${post.slug}`);
      await write(post);
    }
  });
  for (const address of before) await remove(address);
  state.since = since;
  return requests;
};

await mkdir(folder, { recursive: true });
let kind = "incremental";
let requests = state.since && (await incremental());
if (requests === undefined) {
  kind = "complete";
  requests = await complete();
}

const newest = Object.entries(state.posts).sort(([, one], [, other]) =>
  other.published_at.localeCompare(one.published_at),
);
const links = newest.map(([address, { title }]) => `<li><a href="/${address}/">${escaped(title)}</a>`);
await put("index.html", page("All posts", `<ul>\n${links.join("\n")}\n</ul>\n`));
if (key) {
  const redirects = await get("/v1/redirects/export?format=netlify&pattern=/{locale}/{slug}/");
  await put("_redirects", await (await successful(redirects)).text());
}
await writeFile(stateFile, JSON.stringify(state));
console.log(JSON.stringify({ kind, requests, ...result }));
