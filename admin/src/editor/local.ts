import type { Fields } from './fields';

/** Changes that the server does not have, kept in this browser. */
export interface Kept {
  /** The version on which the changes are based; empty for a new post. */
  etag: string;
  revision: number;
  changes: Partial<Fields>;
  at: number;
}

const PREFIX = 'tintero.unsaved.';

/** Keeps the unsaved changes of one user to one post. */
export class LocalCopy {
  private readonly key: string;

  constructor(user: string, post: string) {
    this.key = `${PREFIX}${user}.${post}`;
  }

  /** Returns whether the browser keeps the changes. It has little room, and none in some private windows. */
  write(kept: Kept): boolean {
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
      return true;
    } catch {
      return false;
    }
  }

  read(): Kept | null {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? 'null') as Kept | null;
    } catch {
      return null;
    }
  }

  remove(): void {
    localStorage.removeItem(this.key);
  }
}
