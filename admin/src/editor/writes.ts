import { type Options, request, type Tagged } from '../api/client';
import { isTransient } from '../api/problem';
import type { CreatePost, Post } from '../api/types';
import { changed, emptyFields, type Fields, patchOf } from './fields';

/** A write that can be repeated. */
interface Write {
  method: 'POST' | 'PATCH';
  path: string;
  options: Options;
  /** The members when it was sent. */
  sent: Fields;
}

/** The answer of a write, with the members that were sent. */
export interface Written extends Tagged<Post> {
  sent: Fields;
}

/** Sends writes of one post. A write whose answer did not arrive is repeated under its key, so that it happens once. */
export class Writes {
  private readonly session = crypto.randomUUID();
  private count = 0;
  private pending: Write | null = null;

  create(fields: Fields): Promise<Written> {
    const body = { ...patchOf(changed(fields, emptyFields(''))), title: fields.title, body: fields.body } as CreatePost;
    return this.send({ method: 'POST', path: '/v1/posts', options: { body, idempotencyKey: this.nextKey() }, sent: fields });
  }

  /** Changes the version `etag`. With `merge`, changes of others that do not overlap are kept. */
  patch(post: Post, etag: string, fields: Fields, changes: Partial<Fields>, { note, merge }: { note?: string; merge?: boolean }): Promise<Written> {
    const options: Options = {
      body: { ...patchOf(changes), note },
      ifMatch: etag,
      query: { merge: merge ? 'auto' : undefined },
      idempotencyKey: this.nextKey(),
    };
    return this.send({ method: 'PATCH', path: `/v1/posts/${post.id}`, options, sent: fields });
  }

  /** Repeats the write whose answer did not arrive, as it was. Null if there is none. */
  async repeat(): Promise<Written | null> {
    return this.pending ? this.send(this.pending) : null;
  }

  private async send(write: Write): Promise<Written> {
    this.pending = write;
    try {
      const answer = await request<Post>(write.method, write.path, write.options);
      this.pending = null;
      return { ...answer, sent: write.sent };
    } catch (error) {
      if (!isTransient(error)) this.pending = null;
      throw error;
    }
  }

  private nextKey(): string {
    this.count += 1;
    return `${this.session}-${this.count}`;
  }
}
