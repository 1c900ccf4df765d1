// Takes the pictures in docs/dashboard: node tests/screenshots.js [folder]. Not a test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { BINARY, launch, open, openPost, PASSWORD, signIn, Site, state, type } from './harness.js';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/dashboard/', import.meta.url));
const blog = fileURLToPath(new URL('../../examples/blog', import.meta.url));

const site = await Site.start();
const browser = await launch();
try {
  let token = await site.token();
  const key = await site.call('POST', '/v1/api-keys', {
    token,
    body: { name: 'demo', scopes: ['posts:read', 'posts:create', 'posts:edit_own', 'posts:edit_any', 'posts:publish_own', 'posts:publish_any', 'posts:backdate', 'categories:manage', 'bylines:manage', 'images:upload', 'redirects:manage'] },
  });
  const imported = spawn(BINARY, ['import', blog, '--locale', 'es', '--url', site.url], {
    env: { ...site.env, TINTERO_TOKEN: key.data.secret },
    cwd: site.folder,
    stdio: 'ignore',
  });
  await once(imported, 'exit');
  await site.post(token, { title: 'A letter that waits', locale: 'en', tags: ['letters'] });
  const later = await site.post(token, { title: 'Notes for the new year', locale: 'en', tags: ['letters'] });
  await site.call('POST', `/v1/posts/${later.id}/schedule`, { token, etag: '"1.1"', body: { publish_at: '2031-01-01T09:00:00Z' } });
  const { data } = await site.call('GET', '/v1/posts?status=any&limit=50', { token });
  const post = data.items.find(({ title }) => title.startsWith('Café notes'));

  for (const [theme, width, name] of [
    ['light', 1280, 'light'],
    ['dark', 1280, 'dark'],
    ['light', 375, 'phone'],
  ]) {
    const page = await open(browser, site, { colorScheme: theme, viewport: { width, height: 800 }, timezoneId: 'Europe/Madrid' });
    const shot = async (what) => {
      await page.evaluate(() => document.fonts.ready);
      await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: `${folder}/${what}-${name}.png` });
    };
    await shot('sign-in');
    await signIn(page);
    await page.getByRole('link', { name: /Café notes/ }).waitFor();
    await shot('posts');
    await openPost(page, post.id);
    await page.getByRole('button', { name: 'Bold' }).waitFor();
    if (width > 1000) await page.getByTestId('preview').locator('img').first().waitFor();
    await shot('editor');
    await page.getByRole('button', { name: 'Publish…' }).click();
    await page.getByText('There is no excerpt.').waitFor();
    await page.getByLabel('At a set time').check();
    await shot('publish');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByText('No public post has it.').waitFor();
    await shot('details');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Address' }).waitFor({ state: 'hidden' });
    const now = await site.get(token, post.id);
    const body = now.data.body.replace('an index card', `a small index card`);
    await site.call('PATCH', `/v1/posts/${post.id}`, { token, etag: now.etag, body: { title: `${now.data.title} in cafés`, body: `Once more: ${body.trimStart()}` } });
    await type(page, 'Before anything else: ');
    await page.getByPlaceholder('Title').fill('Café notes on good names');
    await page.keyboard.press('Control+s');
    await state(page, 'conflict');
    await page.locator('.cm-mergeView').waitFor();
    await shot('conflict');
    await page.getByRole('button', { name: 'Discard mine' }).click();
    await state(page, 'saved');
    const end = await site.get(token, post.id);
    const { title, body: text } = now.data;
    await site.call('PATCH', `/v1/posts/${post.id}`, { token, etag: end.etag, body: { title, body: text } });
    await page.context().close();
    token = await site.token('ana@example.org', PASSWORD);
  }
} finally {
  await browser.close();
  await site.stop();
}
