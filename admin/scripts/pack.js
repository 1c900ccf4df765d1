// Compresses the texts in `dist/assets` with Brotli, removes the originals, and prints and checks the sizes.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const BUDGETS = [
  { what: 'list page', entry: 'index.html', limit: 320 },
  { what: 'editor, in addition', entry: 'src/editor/EditorPage.tsx', limit: 260 },
];

const dist = new URL('../dist/', import.meta.url);
const assets = new URL('assets/', dist);
const sizes = new Map();

for (const name of readdirSync(assets)) {
  const file = new URL(name, assets);
  const bytes = readFileSync(file);
  if (/\.(js|css|svg)$/.test(name)) {
    const packed = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    writeFileSync(new URL(`${name}.br`, assets), packed);
    rmSync(file);
    sizes.set(`assets/${name}`, packed.length);
  } else {
    sizes.set(`assets/${name}`, bytes.length);
  }
}

// The page is `/admin`, without a trailing slash: its files are relative to the folder above.
const page = new URL('index.html', dist);
writeFileSync(page, readFileSync(page, 'utf8').replaceAll('"./assets/', '"admin/assets/'));

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
rmSync(new URL('.vite/', dist), { recursive: true });

/** The scripts that a page needs: those of its entry and of what the entry imports statically. */
function scripts(entry, found = new Set()) {
  const chunk = manifest[entry];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const name of chunk.imports ?? []) scripts(name, found);
  return found;
}

const first = scripts('index.html');
let failed = false;
for (const { what, entry, limit } of BUDGETS) {
  const files = [...scripts(entry)].filter((file) => entry === 'index.html' || !first.has(file));
  if (files.length === 0) continue;
  const size = files.reduce((sum, file) => sum + sizes.get(file), 0) / 1024;
  const verdict = size <= limit ? 'ok' : 'TOO LARGE';
  console.log(`JavaScript of the ${what}: ${size.toFixed(1)} KB (Brotli), limit ${limit} KB: ${verdict}`);
  failed ||= size > limit;
}
const total = [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1024;
console.log(`All files: ${total.toFixed(1)} KB`);
process.exit(failed ? 1 : 0);
