import { ApiError, Unreachable } from './problem';
import type { ProblemBody } from './types';

/** Marks in all tabs that the browser has a session. */
export const MARK = 'tintero.session';

/** The folder of the page: the API is next to it, also below the path of a proxy. */
export const ROOT = new URL('.', document.baseURI).pathname.replace(/\/$/, '');

/** The first step of a sign-in, or the second one for users with a second factor. */
export type Credentials = { email: string; password: string } | { challenge: string; code: string };

/** The password is right, and a code of the second factor is needed. */
export class CodeNeeded extends Error {
  readonly challenge: string;

  constructor(challenge: string) {
    super('A code is needed.');
    this.name = 'CodeNeeded';
    this.challenge = challenge;
  }
}

/** Why the user signs in again: the session has ended, or the change needs a recent sign-in with a code. */
export type Occasion = 'ended' | 'too_old';

/** The session of this browser. Its secret is in a cookie, which scripts cannot read. */
export class Session {
  private again: Promise<boolean> | null = null;
  private ask: ((occasion: Occasion) => Promise<boolean>) | null = null;

  /** Sets what asks the user to sign in again. It resolves to whether the user did. */
  onOccasion(ask: (occasion: Occasion) => Promise<boolean>): () => void {
    this.ask = ask;
    return () => {
      this.ask = null;
    };
  }

  /** Whether the browser has a session, or had one that expired: then the user is asked to sign in again. */
  get isOpen(): boolean {
    return this.again !== null || localStorage.getItem(MARK) !== null;
  }

  /** Fails with `CodeNeeded` after the first step of a user with a second factor. */
  async open(credentials: Credentials): Promise<void> {
    const path = 'code' in credentials ? '/v1/auth/login/code' : '/v1/auth/login';
    const next = await call<{ challenge: string } | undefined>(path, { ...credentials, session: 'cookie' });
    if (next) throw new CodeNeeded(next.challenge);
    this.begin();
  }

  /** The browser has a new cookie. */
  begin(): void {
    localStorage.setItem(MARK, String(Date.now()));
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.forget();
    await send('/v1/auth/logout', { method: 'POST' }).catch(() => undefined);
  }

  /** Asks the user once for all waiting requests, which continue afterwards. */
  async openAgain(occasion: Occasion): Promise<boolean> {
    this.again ??= (this.ask?.(occasion) ?? Promise.resolve(false)).finally(() => {
      this.again = null;
    });
    const signedIn = await this.again;
    if (!signedIn && occasion === 'ended') this.forget();
    return signedIn;
  }

  forget(): void {
    localStorage.removeItem(MARK);
  }
}

/** Calls an operation that needs no session. */
export async function call<T>(path: string, body: unknown): Promise<T> {
  const response = await send(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Sends a request to the API. */
export async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    const headers = new Headers(init.headers);
    // Pages of other sites cannot send it: the server requires it for writes with the cookie.
    headers.set('X-Requested-With', 'dashboard');
    return await fetch(ROOT + path, { cache: 'no-store', credentials: 'same-origin', ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable(error);
  }
}

export async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<ProblemBody>;
  const wait = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(response.status, problem, Number.isFinite(wait) ? wait : null);
}

export const session = new Session();
