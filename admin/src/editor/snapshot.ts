import { ApiError, isTransient } from '../api/problem';
import type { Post, StaleProblem } from '../api/types';
import type { Fields } from './fields';

/** Where the text of the editor is. `saved` and `autosaved` are set by answers of the server only. */
export type SaveState =
  | { kind: 'new' }
  | { kind: 'saved'; at: number | null }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'autosaved'; at: number }
  | { kind: 'offline'; isKept: boolean }
  | { kind: 'refused'; detail: string; errors: Record<string, unknown>; suggestions: string[] }
  | { kind: 'conflict'; problem: StaleProblem };

/** Text that was found when the post was opened. */
export interface Recovered {
  from: 'browser' | 'server';
  at: number;
  isOutdated: boolean;
}

/** Everything that the editor shows. */
export interface Snapshot {
  post: Post | null;
  fields: Fields;
  changes: Partial<Fields>;
  state: SaveState;
  recovered: Recovered | null;
  /** Changes when the text is replaced by something other than typing. */
  generation: number;
  /** What others changed, after a merge. */
  merged: Post['diff'] | null;
}

/** Returns the state after a failed request. `isKept`: whether the browser has stored the text. */
export function stateAfter(error: unknown, isKept: boolean): SaveState {
  if (isTransient(error)) return { kind: 'offline', isKept };
  if (!(error instanceof ApiError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', detail, errors: {}, suggestions: [] };
  }
  const problem = error.stale();
  if (problem) return { kind: 'conflict', problem };
  return {
    kind: 'refused',
    detail: error.message,
    errors: error.body.errors,
    suggestions: error.conflict()?.suggestions ?? [],
  };
}
