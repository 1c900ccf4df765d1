import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, open, signIn, Site } from './harness.js';

let site;
let browser;

before(async () => {
  site = await Site.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

test('scripts cannot read the session', async () => {
  const page = await open(browser, site);
  await signIn(page);
  const visible = await page.evaluate(() => JSON.stringify([document.cookie, { ...window.localStorage }, { ...window.sessionStorage }]));
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
  assert.ok(!visible.includes(cookie.value) && !/eyJ/.test(visible), visible);
});

test('a second tab needs no password, and is signed out with the first', async () => {
  const page = await open(browser, site);
  await signIn(page);
  const second = await page.context().newPage();
  await second.goto(`${site.url}/admin#/posts`);
  await second.locator('h1').filter({ hasText: 'Posts' }).waitFor();
  await page.getByRole('button', { name: 'Administrator' }).click();
  await page.getByRole('menuitem', { name: 'Logout' }).click();
  await page.locator('input[type=email]').waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  await second.evaluate(() => {
    window.location.hash = '/tags';
  });
  await second.locator('input[type=email]').waitFor();
});
