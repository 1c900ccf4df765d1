// Sign-in through oidc-provider, a certified OpenID Connect issuer.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import Provider from 'oidc-provider';

import { codeOf, EMAIL, launch, open, PASSWORD, Site } from './harness.js';

const CLIENT_SECRET = 'a secret/with:signs';

let site;
let browser;
let issuer;

/** Accounts are named by their addresses. */
function provider(url, clients) {
  const account = (id) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: true, name: 'Eva' }) });
  return new Provider(url, {
    clients,
    cookies: { keys: ['a key for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // Like Keycloak, Cognito and Entra, which have these claims in ID tokens.
    conformIdTokenClaims: false,
    findAccount: (_, id) => account(id),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
  });
}

before(async () => {
  let handler;
  issuer = createServer((request, response) => handler(request, response)).listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  const url = `http://127.0.0.1:${issuer.address().port}`;
  const sign_in = { id: 'staff', name: 'Example staff', client_id: 'blog' };
  site = await Site.start({
    TINTERO_FOREIGN_ISSUERS: JSON.stringify([{ issuer: url, users: 'create', default_role: 'author', sign_in }]),
    TINTERO_CLIENT_SECRETS: `staff=${CLIENT_SECRET}`,
  });
  const redirect_uris = [`${site.url}/v1/auth/issuers/staff/callback`];
  handler = provider(url, [{ client_id: 'blog', client_secret: CLIENT_SECRET, redirect_uris }]).callback();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
  issuer?.close();
});

/** Opens a page of the dashboard, and goes to the issuer. */
async function leave(path = '') {
  const page = await open(browser, site);
  await page.goto(`${site.url}/admin#${path}`);
  await page.getByRole('link', { name: 'Sign in with Example staff' }).click();
  await page.locator('input[name=login]').waitFor();
  return page;
}

async function signInThere(page, email) {
  await page.locator('input[name=login]').fill(email);
  await page.locator('input[name=password]').fill('x');
  await page.locator('button[type=submit]').click();
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
}

test('a person signs in through the issuer and continues on the page that was asked for', async () => {
  const page = await leave('/categories');
  await signInThere(page, 'eva@example.org');
  await page.getByRole('heading', { name: 'Categories' }).waitFor();
  assert.ok(!page.url().includes('signed_in'), page.url());
  await page.getByRole('button', { name: 'Account: Eva' }).waitFor();
  await page.evaluate(() => {
    window.location.hash = '/account';
  });
  await page.getByText('This one').waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a sign-in that was cancelled is explained, and the password still works', async () => {
  const page = await leave();
  await page.getByRole('link', { name: /cancel/i }).click();
  await page.getByText('The sign-in was cancelled.').waitFor();
  assert.ok(page.url().endsWith('#/login'), page.url());
  await page.locator('input[type=email]').fill(EMAIL);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.getByRole('heading', { name: /^Hello, / }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a user with a second factor enters its code after the issuer', async () => {
  const token = await site.token();
  const begun = await site.call('POST', '/v1/me/second-factor', { token, body: { current_password: PASSWORD } });
  const { secret } = begun.data;
  await site.call('POST', '/v1/me/second-factor/confirm', { token, body: { code: codeOf(secret, 0) } });
  const page = await leave('/tags');
  await signInThere(page, EMAIL);
  await page.locator('input[autocomplete=one-time-code]').fill(codeOf(secret, 1));
  assert.ok(!page.url().includes('challenge'), page.url());
  await page.locator('button[type=submit]').click();
  await page.getByRole('heading', { name: 'Tags' }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
