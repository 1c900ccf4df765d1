import { problemOf, send, session } from './session';

type Value = string | number | boolean | undefined | null;

/** A query string: absent values are omitted, lists are repeated. */
export type Query = Record<string, Value | string[]>;

export interface Options {
  query?: Query;
  body?: unknown;
  /** The version on which the write is based. */
  ifMatch?: string;
  /** The same key with the same request has the effect of one request. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** A representation with its entity tag. */
export interface Tagged<T> {
  data: T;
  etag: string;
}

/** Calls the API with the session of this browser. If it has expired or is too old, the user signs in again, and the call is repeated. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<Tagged<T>> {
  const target = path + queryString(options.query);
  let response = await send(target, init(method, options));
  if (response.status === 401 && session.isOpen) {
    const problem = await problemOf(response);
    if (problem.isWrongProof) throw problem;
    if (!(await session.openAgain(problem.isTooOld ? 'too_old' : 'ended'))) throw problem;
    response = await send(target, init(method, options));
  }
  if (!response.ok) throw await problemOf(response);
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
  const data = isJson ? ((await response.json()) as T) : (undefined as T);
  return { data, etag: response.headers.get('ETag') ?? '' };
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await request<T>('GET', path, { query, signal })).data;
}

export async function post<T>(path: string, body?: unknown, options?: Options): Promise<T> {
  return (await request<T>('POST', path, { ...options, body })).data;
}

function init(method: string, { body, ifMatch, idempotencyKey, signal }: Options): RequestInit {
  const headers = new Headers({ Accept: 'application/json' });
  if (ifMatch) headers.set('If-Match', ifMatch);
  if (idempotencyKey) headers.set('Idempotency-Key', idempotencyKey);
  if (body === undefined) return { method, headers, signal };
  if (body instanceof FormData) return { method, headers, body, signal };
  headers.set('Content-Type', method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
  return { method, headers, body: JSON.stringify(body), signal };
}

export function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) {
      if (one !== undefined && one !== null && one !== '') parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}
