import { request } from '../api/client';
import { ApiError } from '../api/problem';
import type { Autosave, Post } from '../api/types';
import { changed, type Fields } from './fields';
import type { Kept } from './local';
import type { Snapshot } from './snapshot';

/** A post as the server has it, with the unsaved text of the user. */
export interface Opened {
  post: Post | null;
  etag: string;
  autosave: Autosave | null;
}

/** Reads a post with the unsaved text of the user. Writes nothing. */
export async function openPost(id: string): Promise<Opened> {
  const [answer, autosave] = await Promise.all([
    request<Post>('GET', `/v1/posts/${id}`),
    request<Autosave>('GET', `/v1/posts/${id}/autosave`)
      .then(({ data }) => data)
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }),
  ]);
  return { post: answer.data, etag: answer.etag, autosave };
}

/** The unsaved text that an opened post continues from. */
export interface Continued {
  shown: Pick<Snapshot, 'fields' | 'changes' | 'state' | 'recovered'>;
  /** The version that the text is based on, if the post has changed since. */
  etag: string | null;
}

/** Chooses the newer text of the browser and the server. Null if neither differs from the post. */
export function continued({ post, autosave }: Opened, base: Fields, here: Kept | null): Continued | null {
  const there = autosave && post ? keptOf(autosave) : null;
  const isNewer = (here?.at ?? 0) >= (there?.at ?? 0);
  const kept = isNewer ? (here ?? there) : (there ?? here);
  if (!kept) return null;
  const { fields, changes } = applied(kept, base);
  if (Object.keys(changes).length === 0) return null;
  const isOutdated = post !== null && kept.revision !== post.revision;
  const isOfServer = kept === there;
  return {
    shown: {
      fields,
      changes,
      state: isOfServer ? { kind: 'autosaved', at: kept.at } : { kind: 'unsaved' },
      recovered: { from: isOfServer ? 'server' : 'browser', at: kept.at, isOutdated },
    },
    etag: isOutdated && kept.etag ? kept.etag : null,
  };
}

/** Whether kept changes make no difference to the post any more. */
export function isObsolete(kept: Kept, base: Fields): boolean {
  return Object.keys(applied(kept, base).changes).length === 0;
}

function applied(kept: Kept, base: Fields): Pick<Snapshot, 'fields' | 'changes'> {
  const fields = { ...base, ...kept.changes };
  return { fields, changes: changed(fields, base) };
}

function keptOf(autosave: Autosave): Kept {
  const { etag = '', ...form } = autosave.form as Partial<Fields> & { etag?: string };
  const { title, slug, excerpt, body } = autosave;
  const texts = Object.entries({ title, slug, excerpt, body }).filter(([, value]) => value !== null);
  const changes = { ...form, ...Object.fromEntries(texts) } as Partial<Fields>;
  return { etag, revision: autosave.base_revision, changes, at: Date.parse(autosave.saved_at) };
}
