// Accessibility (WCAG 2.2 AA) of every page in both themes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { launch, open, openPost, PASSWORD, signIn, Site, state, type } from './harness.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The pages besides those of posts. */
const PLACES = ['/', '/images', '/categories', '/tags', '/bylines', '/redirects', '/users', '/api-keys', '/account', '/audit', '/operations'];

let site;
let browser;
let token;
let post;

before(async () => {
  site = await Site.start();
  browser = await launch();
  token = await site.token();
  await site.call('POST', '/v1/categories', { token, body: { name: 'Writing' } });
  await site.post(token, { title: 'A public post', status: 'published', tags: ['ink'] });
  post = await site.post(token, { title: 'A draft', body: '# Title\n\nA [link](https://example.org) and `code`.\n\n> A quote\n' });
});

after(async () => {
  await browser.close();
  await site.stop();
});

async function check(page, where) {
  // Transitions change colours for a moment.
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running'));
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
  });
  assert.deepEqual(violations, [], where);
}

for (const theme of ['light', 'dark']) {
  for (const width of [1280, 375]) {
    test(`every page is accessible: ${theme}, ${width} px`, async () => {
      const page = await open(browser, site, { colorScheme: theme, viewport: { width, height: 800 } });
      await page.locator('main h1').waitFor();
      await check(page, 'sign-in');
      await signIn(page);
      await page.getByRole('link', { name: 'A draft' }).waitFor();
      await check(page, 'list of posts');
      if (width > 900) {
        await page.getByLabel(/^Select this row/).first().check();
        await page.getByRole('toolbar').getByRole('button', { name: 'Move to trash' }).click();
        await page.getByRole('dialog').waitFor();
        await check(page, 'question before a bulk action');
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
      }
      await openPost(page, post.id);
      await page.getByRole('button', { name: 'More actions' }).waitFor();
      await check(page, 'editor');
      await page.getByRole('button', { name: 'Details' }).click();
      await page.getByText('No public post has it.').waitFor();
      await check(page, 'details');
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'Address' }).waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Publish…' }).click();
      await page.getByText('There is no excerpt.').waitFor();
      await page.getByLabel('At a set time').check();
      await check(page, 'publish');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'History' }).click();
      await page.getByRole('dialog').getByRole('button', { name: /^\d+ · / }).first().waitFor();
      await check(page, 'history');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      const now = await site.get(token, post.id);
      await site.call('PATCH', `/v1/posts/${post.id}`, { token, etag: now.etag, body: { title: `${now.data.title}!`, body: `${theme} ${now.data.body}` } });
      await type(page, 'Mine. ');
      await page.keyboard.press('Control+s');
      await state(page, 'conflict');
      await page.locator('.cm-mergeView').waitFor();
      await check(page, 'conflict');
      await page.getByRole('dialog').getByRole('button', { name: 'Discard mine' }).click();
      await state(page, 'saved');
      await page.evaluate(() => {
        window.location.hash = '/posts/create';
      });
      await page.getByLabel('Title').waitFor();
      await check(page, 'new post');
      for (const place of PLACES) {
        await page.evaluate((target) => {
          window.location.hash = target;
        }, place);
        await page.locator('main h1').first().waitFor();
        await page.waitForLoadState('networkidle');
        await check(page, place);
      }
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }
}

test('the pages work with the keyboard alone', async () => {
  const page = await open(browser, site);
  await page.locator('input[type=email]:focus').waitFor();
  await page.keyboard.type('ana@example.org');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Hello, / }).waitFor();
  await page.keyboard.press('Tab');
  await page.getByText('Skip to content').waitFor();
  await page.locator('a[href="#/posts"]').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Posts' }).waitFor();
  await page.getByRole('link', { name: 'New post' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Title').waitFor();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await page.keyboard.type('A line.');
  await page.keyboard.press('Control+s');
  await state(page, 'saved');
  await page.context().close();
});
