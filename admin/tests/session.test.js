import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { codeOf, EMAIL, launch, open, PASSWORD, signIn, Site } from './harness.js';

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

test('a user with a second factor signs in with a code, and a wrong one can be corrected', async () => {
  const token = await site.token();
  const begun = await site.call('POST', '/v1/me/second-factor', { token, body: { current_password: PASSWORD } });
  assert.equal(begun.status, 200, JSON.stringify(begun.data));
  const { secret } = begun.data;
  const confirmed = await site.call('POST', '/v1/me/second-factor/confirm', { token, body: { code: codeOf(secret, 0) } });
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.data));

  const page = await open(browser, site);
  await page.locator('input[type=email]').fill(EMAIL);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  const code = page.locator('input[autocomplete=one-time-code]');
  await code.fill('000000');
  await page.locator('button[type=submit]').click();
  await page.getByText('The code is wrong').waitFor();
  await code.fill(confirmed.data.recovery_codes[0]);
  await page.locator('button[type=submit]').click();
  await page.locator('h1').filter({ hasText: /^Hello, / }).waitFor();
  assert.deepEqual(page.problems, []);
});
