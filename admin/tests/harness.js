// Starts the real binary and Debian's Chromium. No test sleeps: each waits for what it expects.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

export const EMAIL = 'ana@example.org';
export const PASSWORD = 'correct horse battery';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const BINARY = resolve(process.env.TINTERO_BINARY ?? join(ROOT, 'target/debug/tintero'));
export const BROWSER =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A server with its own data folder. */
export class Site {
  /** `settings` are further environment variables. */
  static async start(settings = {}) {
    const site = new Site();
    site.settings = settings;
    site.folder = mkdtempSync(join(tmpdir(), 'tintero-admin-'));
    site.port = await freePort();
    site.url = `http://127.0.0.1:${site.port}`;
    await site.run();
    return site;
  }

  get env() {
    return {
      ...process.env,
      TINTERO_LISTEN: `127.0.0.1:${this.port}`,
      TINTERO_DATA_DIR: join(this.folder, 'data'),
      TINTERO_ADMIN_EMAIL: EMAIL,
      TINTERO_ADMIN_PASSWORD: PASSWORD,
      TINTERO_LOG: 'warn',
      ...this.settings,
    };
  }

  /** Starts the process and waits until it answers. */
  async run() {
    this.process = spawn(BINARY, ['serve'], { env: this.env, cwd: this.folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const part of this.process.stdout) {
      output += part;
      if (output.includes('Listening on')) break;
    }
    if (!output.includes('Listening on')) throw new Error(`The server did not start: ${output}`);
  }

  /** Ends the process without a goodbye. */
  async kill() {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a command of the binary. */
  async command(args, input = '') {
    const child = spawn(BINARY, args, { env: this.env, cwd: this.folder, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(input);
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  }

  async token(email = EMAIL, password = PASSWORD) {
    const { data } = await this.call('POST', '/v1/auth/login', { body: { email, password } });
    return data.access_token;
  }

  async call(method, path, { body, token, etag } = {}) {
    const headers = { 'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (etag) headers['If-Match'] = etag;
    const response = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, etag: response.headers.get('etag'), data: text ? JSON.parse(text) : null };
  }

  async post(token, fields) {
    const { data } = await this.call('POST', '/v1/posts', { token, body: { title: 'A post', body: 'A text.\n', ...fields } });
    return data;
  }

  async get(token, id) {
    return this.call('GET', `/v1/posts/${id}`, { token });
  }
}

/** The code of an authenticator app (RFC 6238) for a number of steps from now. */
export function codeOf(secret, steps) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

export function launch() {
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A window of its own, like that of another person. It collects what the page must never do. */
export async function open(browser, site, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) page.problems.push(message.text());
  });
  await page.goto(`${site.url}/admin`);
  return page;
}

export async function signIn(page, { email = EMAIL, password = PASSWORD } = {}) {
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('h1').filter({ hasText: /^(Hello|Hola), / }).waitFor();
  // The menu is closed on narrow screens.
  await page.evaluate(() => {
    window.location.hash = '/posts';
  });
  await page.locator('h1').filter({ hasText: /^(Posts|Entradas)$/ }).waitFor();
}

export async function openPost(page, id) {
  await page.evaluate((target) => {
    window.location.hash = target;
  }, `/posts/${id}`);
  await page.locator('.cm-content').waitFor();
}

/** Waits until the editor shows this state. */
export async function state(page, kind) {
  await page.locator(`[role=status][data-state=${kind}]`).waitFor({ timeout: 30_000 });
}

/** Types at the beginning of the text. */
export async function type(page, text) {
  await page.locator('.cm-content').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText(text);
}

export async function save(page) {
  await page.keyboard.press('Control+s');
  await state(page, 'saved');
}
