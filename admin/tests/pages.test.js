import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, open, PASSWORD, signIn, Site } from './harness.js';

let site;
let browser;
let token;
let page;

before(async () => {
  site = await Site.start();
  browser = await launch();
  token = await site.token();
  page = await open(browser, site);
  await signIn(page);
});

after(async () => {
  assert.deepEqual(page.problems, []);
  await browser.close();
  await site.stop();
});

async function visit(path) {
  await page.evaluate((target) => {
    window.location.hash = target;
  }, path);
}

test('an empty site shows the first steps, and home shows what waits', async () => {
  await visit('/');
  await page.getByRole('heading', { name: 'Welcome to your desk' }).waitFor();
  await site.post(token, { title: 'My draft' });
  await site.post(token, { title: 'Read me', status: 'published', tags: ['ink'] });
  await page.reload();
  await page.getByRole('region', { name: 'My drafts' }).getByRole('link', { name: 'My draft' }).waitFor();
  await page.getByRole('region', { name: 'Recently published' }).getByRole('link', { name: 'Read me' }).waitFor();
});

test('a category is created, moved and merged', async () => {
  await visit('/categories');
  const dialog = page.getByRole('dialog');
  for (const name of ['Travel', 'Ink']) {
    await page.getByRole('button', { name: 'New category', exact: true }).click();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText(name, { exact: true }).waitFor();
  }
  await page.getByRole('button', { name: 'Move: Ink' }).click();
  await dialog.getByLabel('Below').click();
  await page.getByRole('option', { name: 'Travel' }).click();
  await dialog.getByRole('button', { name: 'Move' }).click();
  await page.getByText('/travel/ink').waitFor();
  await page.getByRole('button', { name: 'Merge: Ink' }).click();
  await dialog.getByLabel('Category that takes its posts').click();
  await page.getByRole('option', { name: 'Travel' }).click();
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await page.getByText('/travel/ink').waitFor({ state: 'hidden' });
  const { data } = await site.call('GET', '/v1/categories');
  assert.deepEqual(
    data.items.map(({ name }) => name),
    ['Travel'],
  );
});

test('a name that the server refuses is explained at its input', async () => {
  await visit('/categories');
  await page.getByRole('button', { name: 'New category', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Bad');
  await dialog.getByLabel('Slug').fill('Not A Slug');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.locator('input[aria-invalid=true]').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a tag is renamed', async () => {
  await visit('/tags');
  await page.getByRole('button', { name: 'Rename: ink' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New name').fill('tinta');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await page.getByText('#tinta').waitFor();
});

test('images are uploaded together and described', async () => {
  await visit('/images');
  const dot = (last) => Buffer.concat([Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64').subarray(0, 13), Buffer.from([last, 0, 0, 255, 255, 255]), Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64').subarray(19)]);
  await page.locator('input[type=file]').setInputFiles(
    [1, 2].map((nth) => ({ name: `${nth}.gif`, mimeType: 'image/gif', buffer: dot(nth) })),
  );
  await page.getByText('No description').nth(1).waitFor();
  await page.getByRole('button', { name: /^Describe/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Alternative text').fill('A dot');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('A dot', { exact: true }).waitFor();
});

test('an image is searched, deleted, and restored from the trash', async () => {
  await visit('/images');
  const dot = page.getByText('A dot', { exact: true });
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('no such image');
  await page.getByText('No images found.').waitFor();
  await name.fill('');
  await page.getByRole('switch', { name: 'Unused' }).click();
  await dot.waitFor();
  const post = await site.post(token, { title: 'With a dot', body: await bodyWith('A dot') });
  await page.getByRole('button', { name: 'Delete: A dot' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('link', { name: 'With a dot' }).waitFor();
  await dialog.getByRole('button', { name: 'Delete anyway' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await dot.waitFor({ state: 'hidden' });
  await page.getByRole('switch', { name: 'Trash' }).click();
  await page.getByRole('button', { name: 'Restore: A dot' }).click();
  await dot.waitFor({ state: 'hidden' });
  await page.getByRole('switch', { name: 'Trash' }).click();
  await page.getByRole('button', { name: 'Used in: A dot' }).click();
  await dialog.getByRole('link', { name: 'With a dot' }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  assert.ok(post);
});

/** A text that shows the image with this description. */
async function bodyWith(alt) {
  const answer = await fetch(`${site.url}/v1/images`, { headers: { Authorization: `Bearer ${token}` } });
  const { items } = await answer.json();
  const { url } = items.find((image) => image.alt === alt);
  return `![${alt}](${url})`;
}

test('an invited person sets a password and signs in', async () => {
  await visit('/users');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail address').fill('bob@example.org');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const link = await dialog.getByRole('textbox', { name: 'Link of the invitation' }).inputValue();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByText('bob@example.org').waitFor();
  const guest = await open(browser, site);
  await guest.goto(link);
  await guest.getByLabel('New password').fill(PASSWORD);
  await guest.getByRole('button', { name: 'Set the password' }).click();
  await guest.getByRole('link', { name: 'Sign in' }).click();
  await signIn(guest, { email: 'bob@example.org' });
  assert.equal(await guest.getByRole('menuitem', { name: 'Users' }).count(), 0, 'authors do not see the users');
  assert.deepEqual(guest.problems, []);
  await guest.context().close();
});

test('an API key is created, shown once, and revoked', async () => {
  await visit('/api-keys');
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('build');
  await dialog.getByRole('button', { name: 'New key' }).click();
  const key = await dialog.getByRole('textbox', { name: 'Your new key' }).inputValue();
  const read = () => fetch(`${site.url}/v1/me`, { headers: { Authorization: `ApiKey ${key}` } });
  assert.equal((await read()).status, 200);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Revoke: build' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked', { exact: true }).waitFor();
  assert.equal((await read()).status, 401);
});

test('an address that was asked for in vain becomes a redirect', async () => {
  await site.call('GET', '/v1/redirects/resolve?path=/lost.html');
  await visit('/redirects');
  await page.getByRole('tab', { name: 'Asked for in vain' }).click();
  await page.getByRole('button', { name: 'Redirect: /lost.html' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('To').fill('/found');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('tab', { name: 'Redirects' }).click();
  await page.getByText('/found').waitFor();
  const { data } = await site.call('GET', '/v1/redirects/resolve?path=/lost.html');
  assert.equal(data.location, '/found');
});

test('a byline is created, and the audit trail and the operations are shown', async () => {
  await visit('/bylines');
  await page.getByRole('button', { name: 'New byline' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Ana Prado');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByText('Ana Prado').waitFor();
  await visit('/audit');
  await page.getByText('issue key').first().waitFor();
  await visit('/operations');
  await page.getByText('Merge tags').first().waitFor();
});

test('sessions are listed and ended', async () => {
  await site.token();
  await visit('/account');
  await page.getByText('This one').waitFor();
  const ends = page.getByRole('button', { name: /^End: / });
  await ends.first().waitFor();
  const before = await ends.count();
  await ends.first().click();
  await page.waitForFunction((count) => document.querySelectorAll('button[aria-label^="End: "]').length < count, before);
});
