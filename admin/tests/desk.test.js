import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { EMAIL, launch, open, openPost, PASSWORD, save, signIn, Site, state, type } from './harness.js';

let site;
let browser;
let token;
const pages = [];

before(async () => {
  site = await Site.start();
  browser = await launch();
  token = await site.token();
});

after(async () => {
  await browser.close();
  await site.stop();
});

afterEach(async () => {
  for (const page of pages.splice(0)) {
    assert.deepEqual(page.problems, [], 'violations of the content security policy, and errors of the page');
    await page.context().close();
  }
});

async function visit(options) {
  const page = await open(browser, site, options);
  pages.push(page);
  return page;
}

async function desk(options) {
  const page = await visit(options);
  await signIn(page);
  return page;
}

test('a wrong password is refused in words, and the right one opens the list', async () => {
  const page = await visit();
  await page.locator('input[type=email]').fill(EMAIL);
  await page.locator('input[type=password]').fill('wrong horse battery');
  await page.locator('button[type=submit]').click();
  await page.getByText('The e-mail address or the password is wrong.').waitFor();
  await signIn(page);
  await page.reload();
  await page.getByRole('heading', { name: 'Posts' }).waitFor();
});

test('a post is written, autosaved, published and read by everyone', async () => {
  const page = await desk();
  await page.getByRole('link', { name: 'New post' }).click();
  await page.getByLabel('Title').fill('La tinta');
  await type(page, '# Hola\n\nEscribo *esto*.\n');
  await state(page, 'saved');
  await page.waitForURL(/#\/posts\/[0-9a-f-]{36}/);
  await page.getByTestId('preview').locator('em', { hasText: 'esto' }).waitFor();
  const id = page.url().split('/').at(-1);
  assert.equal((await site.get(token, id)).data.body, '# Hola\n\nEscribo *esto*.\n');

  await type(page, 'Ya. ');
  await state(page, 'autosaved');
  assert.equal((await site.get(token, id)).data.version, 1, 'an autosave is no version');

  // Text that is typed just before the click is public too.
  await type(page, '¡Sí! ');
  await page.getByRole('button', { name: 'Publish…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Published', { exact: true }).first().waitFor();
  await state(page, 'saved');
  const read = await site.call('GET', '/v1/posts/by-slug/la-tinta?locale=en');
  assert.equal(read.status, 200);
  assert.match(read.data.body, /^¡Sí! Ya\. # Hola/);
});

test('opening a post writes nothing', async () => {
  const post = await site.post(token, { title: 'Untouched' });
  const before = await site.get(token, post.id);
  const page = await desk();
  const writes = [];
  page.on('request', (request) => {
    const isRendering = request.url().endsWith('/v1/render');
    if (request.method() !== 'GET' && !isRendering) writes.push(`${request.method()} ${request.url()}`);
  });
  await openPost(page, post.id);
  await page.getByTestId('preview').getByText('A text.').waitFor();
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('heading', { name: 'Address' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Posts' }).first().click();
  await page.getByRole('heading', { name: 'Posts' }).waitFor();
  assert.deepEqual(writes, []);
  assert.equal((await site.get(token, post.id)).etag, before.etag);
  assert.equal((await site.call('GET', `/v1/posts/${post.id}/autosave`, { token })).status, 404);
});

test('a text is saved byte for byte, whatever its line endings', async () => {
  const texts = ['uno  \r\ndos\t\r\n\r\n{% raw %}{{ x }}{% endraw %}\r\n', 'uno\r\ndos\ntres\rcuatro\n', 'sin fin de línea', '\n\n  a\u00a0b \n'];
  const page = await desk();
  for (const body of texts) {
    const post = await site.post(token, { title: 'Bytes', body });
    await openPost(page, post.id);
    await type(page, 'X');
    await save(page);
    assert.equal((await site.get(token, post.id)).data.body, `X${body}`);
  }
});

test('overlapping edits in two browsers show both texts, and nothing is lost', async () => {
  const post = await site.post(token, { title: 'Shared', body: 'one\n\ntwo\n' });
  const [first, second] = [await desk(), await desk()];
  await openPost(first, post.id);
  await openPost(second, post.id);
  await type(first, 'FIRST ');
  await save(first);
  await type(second, 'SECOND ');
  await second.keyboard.press('Control+s');
  const dialog = second.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'The post was changed elsewhere' }).waitFor();
  await state(second, 'conflict');
  await dialog.locator('.cm-mergeView').getByText('FIRST one').waitFor();
  await dialog.locator('.cm-mergeView').getByText('SECOND one').waitFor();
  assert.match((await site.get(token, post.id)).data.body, /^FIRST one/);

  // A reload in the middle keeps the text too.
  second.on('dialog', (question) => void question.accept());
  await second.reload();
  await second.locator('.cm-content').getByText('SECOND one').waitFor();
  await second.keyboard.press('Control+s');
  await dialog.locator('.cm-mergeView').getByText('FIRST one').waitFor();
  await dialog.getByLabel('Result (mine; editable)').focus();
  await second.keyboard.press('Control+Home');
  await second.keyboard.insertText('FIRST AND ');
  await dialog.getByRole('button', { name: 'Save the result' }).click();
  await state(second, 'saved');
  assert.equal((await site.get(token, post.id)).data.body, 'FIRST AND SECOND one\n\ntwo\n');
});

test('edits that do not overlap are merged on request', async () => {
  const post = await site.post(token, { title: 'Apart', body: 'one\n\ntwo\n\nthree\n' });
  const page = await desk();
  await openPost(page, post.id);
  const now = await site.get(token, post.id);
  await site.call('PATCH', `/v1/posts/${post.id}`, { token, etag: now.etag, body: { body: 'one\n\ntwo\n\nthree!\n' } });
  await type(page, 'X');
  await page.keyboard.press('Control+s');
  await page.getByRole('button', { name: 'Merge both' }).click();
  await state(page, 'saved');
  assert.equal((await site.get(token, post.id)).data.body, 'Xone\n\ntwo\n\nthree!\n');
  await page.locator('.cm-content').getByText('three!').waitFor();
});

test('a publication elsewhere does not disturb the text', async () => {
  const post = await site.post(token, { title: 'Published elsewhere' });
  const page = await desk();
  await openPost(page, post.id);
  await site.call('POST', `/v1/posts/${post.id}/publish`, { token, etag: (await site.get(token, post.id)).etag });
  await type(page, 'X');
  await save(page);
  const { data } = await site.get(token, post.id);
  assert.deepEqual([data.status, data.body, data.has_unpublished_changes], ['published', 'XA text.\n', true]);
});

test('an expired session asks for the password in place, and the text is saved', async () => {
  const post = await site.post(token, { title: 'Expiry' });
  const page = await desk();
  await openPost(page, post.id);
  await type(page, 'Before. ');
  await state(page, 'autosaved');
  await site.call('DELETE', '/v1/me/sessions', { token });
  await type(page, 'During. ');
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await state(page, 'autosaved');
  await save(page);
  token = await site.token();
  assert.equal((await site.get(token, post.id)).data.body, 'During. Before. A text.\n');
});

test('a server that goes and comes back loses nothing, and is said to be gone', async () => {
  const post = await site.post(token, { title: 'Gone' });
  const page = await desk();
  await openPost(page, post.id);
  await site.kill();
  await type(page, 'Meanwhile. ');
  await state(page, 'offline');
  await page.keyboard.press('Control+s');
  await state(page, 'offline');
  await site.run();
  await page.keyboard.press('Control+s');
  await state(page, 'saved');
  assert.equal((await site.get(token, post.id)).data.body, 'Meanwhile. A text.\n');
});

test('text that was typed without a server survives closing the window', async () => {
  const post = await site.post(token, { title: 'Closed' });
  const page = await desk();
  await openPost(page, post.id);
  await page.route('**/v1/posts/**', (route) => route.abort());
  await type(page, 'Kept. ');
  await state(page, 'offline');
  await page.unroute('**/v1/posts/**');
  const again = await page.context().newPage();
  again.problems = [];
  await page.close();
  await again.goto(`${site.url}/admin#/posts`);
  // The session is that of the browser.
  await again.locator('h1').filter({ hasText: 'Posts' }).waitFor();
  await openPost(again, post.id);
  await again.getByText('Restored from this browser').waitFor();
  assert.equal((await site.get(token, post.id)).data.body, 'A text.\n');
  await save(again);
  assert.equal((await site.get(token, post.id)).data.body, 'Kept. A text.\n');
});

test('an autosave is offered in another browser', async () => {
  const post = await site.post(token, { title: 'Elsewhere' });
  const page = await desk();
  await openPost(page, post.id);
  await type(page, 'Here. ');
  await state(page, 'autosaved');
  const other = await desk();
  await openPost(other, post.id);
  await other.getByText('Restored: your autosaved changes').waitFor();
  await other.locator('.cm-content').getByText('Here. A text.').waitFor();
  await other.getByRole('button', { name: 'Discard them' }).click();
  await state(other, 'saved');
  assert.equal((await site.call('GET', `/v1/posts/${post.id}/autosave`, { token })).status, 404);
});

test('unpublishing saves and keeps unpublished edits', async () => {
  const post = await site.post(token, { title: 'Back', status: 'published' });
  const page = await desk();
  await openPost(page, post.id);
  await type(page, 'Edited. ');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Unpublish' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unpublish' }).click();
  await page.getByText('Draft', { exact: true }).waitFor();
  const { data } = await site.get(token, post.id);
  assert.deepEqual([data.status, data.body], ['draft', 'Edited. A text.\n']);
});

test('a post is scheduled in the time zone of the author', async () => {
  const post = await site.post(token, { title: 'Later' });
  const page = await desk({ timezoneId: 'Europe/Madrid' });
  await openPost(page, post.id);
  await page.getByRole('button', { name: 'Publish…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('At a set time').check();
  await dialog.getByLabel('Public from').fill('2030-07-01T09:00');
  await dialog.getByText('Times are in Europe/Madrid.').waitFor();
  await dialog.getByRole('button', { name: 'Schedule' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const { data } = await site.get(token, post.id);
  assert.deepEqual([data.status, data.plan.publish_at], ['scheduled', '2030-07-01T07:00:00.000Z']);
});

test('an earlier revision is compared and restored', async () => {
  const post = await site.post(token, { title: 'Past' });
  const page = await desk();
  await openPost(page, post.id);
  await type(page, 'New. ');
  await save(page);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('ins', { hasText: 'New. A text.' }).waitFor();
  await dialog.getByRole('button', { name: /^1 · / }).click();
  await dialog.getByRole('button', { name: 'Restore this revision' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.locator('.cm-content').getByText('A text.', { exact: true }).waitFor();
  const { data } = await site.get(token, post.id);
  assert.deepEqual([data.body, data.revision], ['A text.\n', 3]);
});

test('an image is dropped into the text', async () => {
  const post = await site.post(token, { title: 'Picture' });
  const page = await desk();
  await openPost(page, post.id);
  const gif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
  await page.locator('input[type=file][aria-label="Insert images"]').setInputFiles({
    name: 'dot.gif',
    mimeType: 'image/gif',
    buffer: Buffer.from(gif, 'base64'),
  });
  await page.getByTestId('preview').locator('img[src^="/media/"]').waitFor();
  await save(page);
  assert.match((await site.get(token, post.id)).data.body, /!\[\]\(\/media\/[0-9a-f-]+\.gif\)/);
});

test('several posts are published and trashed in one step', async () => {
  for (const title of ['Many 1', 'Many 2']) await site.post(token, { title, tags: ['many'] });
  const page = await desk();
  await page.getByLabel('Tag', { exact: true }).fill('many');
  await page.keyboard.press('Enter');
  await page.waitForURL(/many/);
  // Until the answer to the filter arrives, the rows of before are shown.
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('tbody tr')];
    return rows.length === 2 && rows.every((row) => row.textContent.includes('Many'));
  });
  await page.getByLabel('Select all').check();
  for (const [button, status] of [
    ['Publish', 'published'],
    ['Move to trash', 'trashed'],
  ]) {
    await page.getByRole('toolbar').getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: button }).click();
    await page.getByText('2 posts done').waitFor();
    await page.getByText('2 posts done').waitFor({ state: 'hidden' });
    const { data } = await site.call('GET', `/v1/posts?status=any&tag=many&fields=status`, { token });
    assert.deepEqual(
      data.items.map((post) => post.status),
      [status, status],
    );
    if (status === 'published') await page.getByLabel('Select all').check();
  }
});

test('a slug that another post has is refused, and free ones are offered', async () => {
  await site.post(token, { title: 'Taken', slug: 'taken', status: 'published' });
  const post = await site.post(token, { title: 'Other', slug: 'other', status: 'published' });
  const page = await desk();
  await openPost(page, post.id);
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByLabel('Slug').fill('taken');
  await page.getByText('Another public post has it.').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+s');
  await state(page, 'refused');
  await page.getByRole('button', { name: 'taken-2', exact: true }).click();
  await save(page);
  assert.equal((await site.get(token, post.id)).data.slug, 'taken-2');
});

test('a contributor asks for a review and cannot publish', async () => {
  await site.command(['users', 'add', '--role', 'contributor', '--password-stdin', 'cara@example.org'], PASSWORD);
  const page = await visit();
  await signIn(page, { email: 'cara@example.org' });
  await page.getByRole('link', { name: 'New post' }).click();
  await page.getByLabel('Title').fill('Please look');
  await type(page, 'Is this right?');
  await state(page, 'saved');
  await page.waitForURL(/#\/posts\/[0-9a-f-]{36}/);
  await page.getByRole('button', { name: 'Publish…' }).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByLabel('Now').count(), 0);
  await dialog.getByRole('button', { name: 'Ask for a review' }).click();
  await page.getByText('In review').waitFor();
});

test('the dashboard speaks Spanish and English', async () => {
  const page = await visit({ locale: 'es-ES' });
  await signIn(page);
  await page.getByRole('link', { name: 'Nueva entrada' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  await page.getByRole('button', { name: /^Idioma/ }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await page.getByRole('link', { name: 'New post' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
});
