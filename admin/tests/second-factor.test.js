// A test's clock is that of the server, so each code is used once: the current one, then the next one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { codeOf, EMAIL, launch, open, PASSWORD, signIn, Site } from './harness.js';

const INVITED = { email: 'bob@example.org', role: 'author' };

let site;
let browser;

before(async () => {
  site = await Site.start({ TINTERO_SECOND_FACTOR_ROLES: 'editor' });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Fills in the enrolment up to the recovery codes. Returns the key of the app and the codes. */
async function enrol(page) {
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  const secret = (await page.getByRole('status', { name: 'Or enter this key by hand' }).innerText()).replaceAll(/\s/g, '');
  const code = page.getByLabel('Code', { exact: true });
  await code.fill('000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('The code is wrong').waitFor();
  await code.fill(codeOf(secret, 0));
  await page.getByRole('button', { name: 'Confirm' }).click();
  const codes = await recoveryCodes(page);
  assert.equal(new Set(codes).size, 10);
  return { secret, codes };
}

async function recoveryCodes(page) {
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await codes.first().waitFor();
  return codes.allInnerTexts();
}

async function visit(page, path) {
  await page.evaluate((target) => {
    window.location.hash = target;
  }, path);
}

/** Answers the question for a recent sign-in. */
async function confirm(page, code) {
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByLabel('Code').fill(code);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

test('a second factor is set up, confirms changes without losing the form, and is removed', async () => {
  const page = await open(browser, site);
  await signIn(page);
  await visit(page, '/account');
  await page.getByRole('button', { name: 'Set up' }).click();
  const { codes } = await enrol(page);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
  const text = readFileSync(await file.path(), 'utf8');
  assert.ok(codes.every((code) => text.includes(code)) && text.includes(EMAIL), text);
  await page.getByRole('button', { name: 'I have kept the codes' }).click();
  await page.getByText('10 recovery codes left').waitFor();

  // The session began without a code: an invitation waits for one, and is not lost.
  await visit(page, '/users');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const form = page.getByRole('dialog', { name: 'Invite' });
  await form.getByLabel('E-mail address').fill(INVITED.email);
  await form.getByRole('button', { name: 'Invite' }).click();
  const question = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  assert.equal(await form.getByLabel('E-mail address').inputValue(), INVITED.email);
  await form.getByRole('button', { name: 'Invite' }).click();
  await confirm(page, codes[0]);
  await page.getByRole('textbox', { name: 'Link of the invitation' }).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByText('second factor', { exact: true }).waitFor();

  await visit(page, '/account');
  await page.getByText('9 recovery codes left').waitFor();
  await page.getByRole('button', { name: 'New recovery codes' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New recovery codes' }).click();
  const renewed = await recoveryCodes(page);
  assert.ok(renewed.length === 10 && !renewed.includes(codes[1]));
  await page.getByRole('button', { name: 'I have kept the codes' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Set up' }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a role that requires a second factor sees nothing before it is set up', async () => {
  const token = await site.token();
  const invited = await site.call('POST', '/v1/users', { token, body: { email: 'eva@example.org', role: 'editor' } });
  await site.call('POST', '/v1/auth/invitations/accept', { body: { token: invited.data.token, password: PASSWORD } });
  const page = await open(browser, site);
  await page.locator('input[type=email]').fill('eva@example.org');
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.getByRole('heading', { name: 'One more step' }).waitFor();
  assert.equal(await page.getByRole('menuitem').count(), 0);
  await visit(page, '/posts');
  await page.getByRole('heading', { name: 'One more step' }).waitFor();
  const { secret } = await enrol(page);
  await page.getByRole('button', { name: 'I have kept the codes' }).click();
  await page.getByRole('heading', { name: 'Posts' }).waitFor();
  await page.getByRole('menuitem', { name: 'Categories' }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();

  const again = await open(browser, site);
  await again.locator('input[type=email]').fill('eva@example.org');
  await again.locator('input[type=password]').fill(PASSWORD);
  await again.locator('button[type=submit]').click();
  await again.locator('input[autocomplete=one-time-code]').fill(codeOf(secret, 1));
  await again.locator('button[type=submit]').click();
  await again.getByRole('heading', { name: /^Hello, / }).waitFor();
  await again.context().close();
});

test('an administrator removes the second factor of somebody who lost it', async () => {
  const page = await open(browser, site);
  await signIn(page);
  await visit(page, '/users');
  await page.getByRole('button', { name: /^Remove second factor: eva/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove second factor' }).click();
  await page.getByRole('button', { name: /^Remove second factor: eva/ }).waitFor({ state: 'hidden' });
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
