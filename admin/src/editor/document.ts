import { request } from '../api/client';
import { ApiError, isTransient } from '../api/problem';
import type { Autosave, Post } from '../api/types';
import { changed, emptyFields, type Fields, fieldsOf, isSame } from './fields';
import { LocalCopy } from './local';
import { continued, isObsolete, type Opened } from './opening';
import { type Snapshot, stateAfter } from './snapshot';
import { Writes, type Written } from './writes';

/** Time without typing after which unsaved text is sent, in milliseconds. */
const IDLE = 1200;

/** Longest time between two autosaves while the user types. */
const LONGEST = 8000;

/** Time between two attempts while the server does not answer. */
const RETRY = 4000;

/**
 * A post that is being edited. All requests pass one queue, so that an autosave, a save and a publication
 * never overlap, and each names the version that the one before left.
 */
export class PostDocument {
  private snapshot: Snapshot;
  private base: Fields;
  private etag: string;
  private readonly local: LocalCopy;
  private readonly listeners = new Set<() => void>();
  private queue: Promise<unknown> = Promise.resolve();
  private timer: number | undefined;
  private firstUnsent: number | null = null;
  private readonly writes = new Writes();
  /** Whether a transition may have happened without an answer. */
  private isUncertain = false;
  private hasSlot: boolean;

  constructor(user: string, opened: Opened, locale: string) {
    this.local = new LocalCopy(user, opened.post?.id ?? 'new');
    this.base = opened.post ? fieldsOf(opened.post) : emptyFields(locale);
    this.etag = opened.etag;
    this.hasSlot = opened.autosave !== null;
    this.snapshot = {
      post: opened.post,
      fields: this.base,
      changes: {},
      state: opened.post ? { kind: 'saved', at: null } : { kind: 'new' },
      recovered: null,
      generation: 0,
      merged: null,
    };
    this.recover(opened);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly get = (): Snapshot => this.snapshot;

  get isDirty(): boolean {
    return Object.keys(this.snapshot.changes).length > 0;
  }

  /** Changes members. The change is sent when the user pauses. */
  edit(change: Partial<Fields>): void {
    const fields = { ...this.snapshot.fields, ...change };
    const changes = changed(fields, this.base);
    const isConflict = this.snapshot.state.kind === 'conflict';
    this.firstUnsent ??= Date.now();
    this.set({ fields, changes, state: isConflict ? this.snapshot.state : { kind: 'unsaved' } });
    this.keep();
    if (!isConflict) this.schedule(Math.max(0, Math.min(IDLE, this.firstUnsent + LONGEST - Date.now())));
  }

  /** Saves the changes as a new revision. Returns whether the server has them. */
  save(note?: string): Promise<boolean> {
    window.clearTimeout(this.timer);
    return this.enqueue(() => this.saveNow({ note }));
  }

  /** Saves the changes together with those of others, which do not overlap. */
  merge(): Promise<boolean> {
    return this.enqueue(() => this.saveNow({ merge: true }));
  }

  /**
   * Saves, then performs a transition of the version that was saved. Does nothing if saving fails.
   * Returns whether the transition is done.
   */
  transition(name: string, body?: unknown): Promise<boolean> {
    window.clearTimeout(this.timer);
    return this.enqueue(async () => {
      if (!(await this.saveNow({}))) return false;
      const { post } = this.snapshot;
      if (!post) return false;
      this.set({ state: { kind: 'saving' } });
      try {
        const { fields } = this.snapshot;
        const answer = await request<Post>('POST', `/v1/posts/${post.id}/${name}`, { body, ifMatch: this.etag });
        this.accept(answer.data, answer.etag, fields);
        return true;
      } catch (error) {
        this.isUncertain = isTransient(error);
        this.fail(error);
        return false;
      }
    });
  }

  /** Restores a revision as a new one, after saving what is unsaved. */
  restore(revision: number): Promise<boolean> {
    return this.enqueue(async () => {
      if (!(await this.saveNow({}))) return false;
      const { post, fields } = this.snapshot;
      if (!post) return false;
      try {
        const path = `/v1/posts/${post.id}/revisions/${revision}/restore`;
        const answer = await request<Post>('POST', path, { body: {}, ifMatch: this.etag });
        this.accept(answer.data, answer.etag, fields);
        this.set({ generation: this.snapshot.generation + 1 });
        return true;
      } catch (error) {
        this.fail(error);
        return false;
      }
    });
  }

  /** Continues from the current version with these members: the end of a conflict. */
  async resolve(current: Post, etag: string, chosen: Partial<Fields>): Promise<boolean> {
    this.base = fieldsOf(current);
    this.etag = etag;
    const fields = { ...this.base, ...chosen };
    this.set({
      post: current,
      fields,
      changes: changed(fields, this.base),
      state: { kind: 'unsaved' },
      generation: this.snapshot.generation + 1,
      recovered: null,
    });
    this.keep();
    if (this.isDirty) return this.save();
    this.local.remove();
    this.set({ state: { kind: 'saved', at: Date.now() } });
    return true;
  }

  /** Drops the unsaved text here and on the server. */
  discard(): Promise<void> {
    window.clearTimeout(this.timer);
    return this.enqueue(async () => {
      this.local.remove();
      const { post } = this.snapshot;
      if (post) await request('DELETE', `/v1/posts/${post.id}/autosave`).catch(() => undefined);
      this.set({
        fields: this.base,
        changes: {},
        recovered: null,
        state: post ? { kind: 'saved', at: null } : { kind: 'new' },
        generation: this.snapshot.generation + 1,
      });
    });
  }

  dismissRecovered(): void {
    this.set({ recovered: null });
  }

  dismissMerged(): void {
    this.set({ merged: null });
  }

  /** Sends what is unsaved now, such as when the page is left. */
  flush(): void {
    if (this.snapshot.state.kind === 'unsaved') void this.enqueue(() => this.autosave());
  }

  close(): void {
    window.clearTimeout(this.timer);
    this.flush();
  }

  /** Shows text that was not saved. Writes nothing. */
  private recover(opened: Opened): void {
    const here = this.local.read();
    const found = continued(opened, this.base, here);
    if (found?.etag) this.etag = found.etag;
    if (found) this.snapshot = { ...this.snapshot, ...found.shown };
    else if (here && isObsolete(here, this.base)) this.local.remove();
  }

  private schedule(delay: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      // A new post has no autosave: the first one creates the draft.
      void this.enqueue(async () => {
        if (this.snapshot.post) await this.autosave();
        else await this.saveNow({});
      });
    }, delay);
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work, work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Stores the unsaved text on the server without changing the post. */
  private async autosave(): Promise<void> {
    if (this.snapshot.state.kind === 'conflict' || !(await this.catchUp())) return;
    const { post, fields, changes } = this.snapshot;
    if (!post) return;
    if (!this.isDirty) return this.settle();
    const { title, slug, excerpt, body, ...form } = changes;
    this.set({ state: { kind: 'saving' } });
    this.firstUnsent = null;
    try {
      await request<Autosave>('PUT', `/v1/posts/${post.id}/autosave`, {
        body: { base_revision: post.revision, title, slug, excerpt, body, form: { ...form, etag: this.etag } },
      });
      this.hasSlot = true;
      if (isSame(fields, this.snapshot.fields)) this.set({ state: { kind: 'autosaved', at: Date.now() } });
      else this.waitForMore();
    } catch (error) {
      this.fail(error);
    }
  }

  /** The text is again that of the server. */
  private async settle(): Promise<void> {
    const { post } = this.snapshot;
    if (post && this.hasSlot) {
      try {
        await request('DELETE', `/v1/posts/${post.id}/autosave`);
        this.hasSlot = false;
      } catch (error) {
        return this.fail(error);
      }
    }
    if (this.isDirty) return this.waitForMore();
    this.local.remove();
    this.firstUnsent = null;
    this.set({ state: { kind: 'saved', at: null }, recovered: null });
  }

  /** Finds out what became of requests without an answer. Returns whether it could. */
  private async catchUp(): Promise<boolean> {
    const { post } = this.snapshot;
    try {
      const written = await this.writes.repeat();
      if (written) this.take(written);
      if (this.isUncertain && post) {
        const answer = await request<Post>('GET', `/v1/posts/${post.id}`);
        this.isUncertain = false;
        // Another revision is a conflict, which the next save reports.
        if (answer.data.revision === post.revision) this.accept(answer.data, answer.etag, this.base);
      }
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  private async saveNow(options: { note?: string; merge?: boolean }): Promise<boolean> {
    if (!(await this.catchUp())) return false;
    const { post, fields } = this.snapshot;
    if (!post && !fields.title.trim()) {
      this.set({ state: { kind: 'new' } });
      return false;
    }
    if (post && !this.isDirty) {
      if (this.snapshot.state.kind !== 'saved') await this.settle();
      return !this.isDirty;
    }
    this.set({ state: { kind: 'saving' } });
    this.firstUnsent = null;
    try {
      const { etag, snapshot } = this;
      this.take(await (post ? this.writes.patch(post, etag, fields, snapshot.changes, options) : this.writes.create(fields)));
      this.hasSlot = false;
      return true;
    } catch (error) {
      const stale = error instanceof ApiError ? error.stale() : null;
      // Only the status changed: the texts do not collide.
      if (stale?.mergeable && stale.current_revision === stale.base_revision && !options.merge) {
        return this.saveNow({ ...options, merge: true });
      }
      this.fail(error);
      return false;
    }
  }

  private take({ data, etag, sent }: Written): void {
    this.accept(data, etag, sent);
  }

  /** Takes over the answer of a write. Text that was typed meanwhile stays and is unsaved. */
  private accept(post: Post, etag: string, sent: Fields): void {
    const isNew = !this.snapshot.post;
    this.base = fieldsOf(post);
    this.etag = etag;
    const { fields, generation } = this.snapshot;
    const next = { ...this.base, ...changed(fields, sent) };
    const changes = changed(next, this.base);
    const isReplaced = next.body !== fields.body;
    this.set({
      post,
      fields: next,
      changes,
      recovered: null,
      merged: post.merged && post.diff ? post.diff : this.snapshot.merged,
      generation: isReplaced ? generation + 1 : generation,
    });
    if (isNew) this.local.remove();
    if (Object.keys(changes).length === 0) {
      this.local.remove();
      this.set({ state: { kind: 'saved', at: Date.now() } });
    } else {
      this.waitForMore();
    }
  }

  private waitForMore(): void {
    this.set({ state: { kind: 'unsaved' } });
    this.keep();
    this.schedule(IDLE);
  }

  private fail(error: unknown): void {
    const state = stateAfter(error, this.keep());
    this.set({ state });
    if (state.kind === 'offline') this.schedule(RETRY);
  }

  private keep(): boolean {
    const { post, changes } = this.snapshot;
    if (!this.isDirty) return true;
    return this.local.write({ etag: this.etag, revision: post?.revision ?? 0, changes, at: Date.now() });
  }

  private set(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.listeners.forEach((listener) => listener());
  }
}
