import type { ConflictProblem, ProblemBody, StaleProblem, Violation } from './types';

/** The server answered with an error (RFC 9457). */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Partial<ProblemBody>;
  /** Seconds after which the request can be repeated. */
  readonly retryAfter: number | null;
  /** React-admin shows these messages next to the inputs. */
  readonly body: { errors: Record<string, unknown> };

  constructor(status: number, problem: Partial<ProblemBody>, retryAfter: number | null) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
    this.body = { errors: fieldErrors(problem.errors ?? []) };
  }

  get code(): string {
    return this.problem.code ?? '';
  }

  /** Whether the session goes on, and the request needs a recent sign-in with a code. */
  get isTooOld(): boolean {
    return this.status === 401 && this.code === 'sign_in_too_old';
  }

  /** Whether a password or code in the request is wrong. The session goes on. */
  get isWrongProof(): boolean {
    return this.status === 401 && ['bad_credentials', 'bad_code'].includes(this.code);
  }

  /** Returns the problem if the write was based on an outdated version. */
  stale(): StaleProblem | null {
    return this.status === 412 ? (this.problem as unknown as StaleProblem) : null;
  }

  conflict(): ConflictProblem | null {
    return this.status === 409 ? (this.problem as unknown as ConflictProblem) : null;
  }
}

/** No answer arrived: the browser is offline, or the server does not run. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached.', { cause });
    this.name = 'Unreachable';
  }
}

/** Whether the same request can succeed later. */
export function isTransient(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiError && [408, 429, 502, 503, 504].includes(error.status));
}

/** Converts JSON Pointers to the names of inputs: `/seo/title` to `{ seo: { title } }`. */
export function fieldErrors(violations: Violation[]): Record<string, unknown> {
  const errors: Record<string, unknown> = {};
  for (const { pointer, detail } of violations) {
    if (!pointer) continue;
    const path = pointer.slice(1).split('/').map(unescape);
    // An item of a list is shown at its list.
    const end = path.findIndex((part) => /^\d+$/.test(part));
    put(errors, end < 0 ? path : path.slice(0, Math.max(end, 1)), detail);
  }
  return errors;
}

function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function put(errors: Record<string, unknown>, [first, ...rest]: string[], detail: string): void {
  if (first === undefined) return;
  if (rest.length === 0) {
    errors[first] ??= detail;
    return;
  }
  const inner = errors[first];
  const object: Record<string, unknown> = typeof inner === 'object' && inner !== null ? { ...inner } : {};
  errors[first] = object;
  put(object, rest, detail);
}
