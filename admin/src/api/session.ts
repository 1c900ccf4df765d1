import { ApiError, Unreachable } from './problem';
import type { ProblemBody, Tokens } from './types';

const REFRESH_TOKEN = 'tintero.refresh';

/** Renew access tokens this long before they expire, in milliseconds. */
const MARGIN = 30_000;

/** The folder of the page: the API is next to it, also below the path of a proxy. */
export const ROOT = new URL('.', document.baseURI).pathname.replace(/\/$/, '');

/** The session of this tab. The access token is in memory only. */
export class Session {
  private access: { token: string; until: number } | null = null;
  private renewal: Promise<string | null> | null = null;
  private again: Promise<boolean> | null = null;
  private ask: (() => Promise<boolean>) | null = null;

  /** Sets what asks the user to sign in again. It resolves to whether the user did. */
  onExpiry(ask: () => Promise<boolean>): () => void {
    this.ask = ask;
    return () => {
      this.ask = null;
    };
  }

  /** Whether this tab has a session, or had one that expired: then the user is asked to sign in again. */
  get isOpen(): boolean {
    return this.access !== null || this.again !== null || sessionStorage.getItem(REFRESH_TOKEN) !== null;
  }

  async open(email: string, password: string): Promise<void> {
    this.keep(await call<Tokens>('/v1/auth/login', { email, password }));
  }

  async close(): Promise<void> {
    const refresh = sessionStorage.getItem(REFRESH_TOKEN);
    this.forget();
    if (refresh) await call('/v1/auth/logout', { refresh_token: refresh }).catch(() => undefined);
  }

  /** Returns a valid access token, or null if nobody is signed in. */
  async token(): Promise<string | null> {
    if (this.access && this.access.until > Date.now()) return this.access.token;
    return this.renew();
  }

  /** Gets new tokens, once for all waiting requests: a refresh token is valid once. */
  renew(): Promise<string | null> {
    this.renewal ??= this.refresh().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  private async refresh(): Promise<string | null> {
    const refresh = sessionStorage.getItem(REFRESH_TOKEN);
    if (!refresh) return null;
    try {
      this.keep(await call<Tokens>('/v1/auth/refresh', { refresh_token: refresh }));
      return this.access?.token ?? null;
    } catch (error) {
      if (error instanceof ApiError && [400, 401, 422].includes(error.status)) {
        return (await this.signInAgain()) ? (this.access?.token ?? null) : null;
      }
      throw error;
    }
  }

  /** Asks the user once for all waiting requests, which continue afterwards. */
  private async signInAgain(): Promise<boolean> {
    this.access = null;
    this.again ??= (this.ask?.() ?? Promise.resolve(false)).finally(() => {
      this.again = null;
    });
    const signedIn = await this.again;
    if (!signedIn) this.forget();
    return signedIn;
  }

  keep(tokens: Tokens): void {
    this.access = { token: tokens.access_token, until: Date.now() + tokens.expires_in * 1000 - MARGIN };
    if (tokens.refresh_token) sessionStorage.setItem(REFRESH_TOKEN, tokens.refresh_token);
  }

  forget(): void {
    this.access = null;
    sessionStorage.removeItem(REFRESH_TOKEN);
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
    return await fetch(ROOT + path, { cache: 'no-store', credentials: 'same-origin', ...init });
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
