import type { EditorView } from '@codemirror/view';

import { post } from '../api/client';
import { problemOf } from '../api/session';
import type { DirectUpload, Image } from '../api/types';

/** Size in bytes above which files go to the image store directly. Lambda accepts bodies of 4.5 MB. */
const MAX_FORM = 4 * 1024 * 1024;

export function uploadImage(file: File, alt?: string): Promise<Image> {
  // Pages over http have no `crypto.subtle`, except on this machine.
  if (file.size > MAX_FORM && file.type && window.isSecureContext) return uploadDirectly(file, alt);
  const form = new FormData();
  if (alt) form.set('alt', alt);
  form.set('file', file);
  return post<Image>('/v1/images', form);
}

async function uploadDirectly(file: File, alt?: string): Promise<Image> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const announcement = { media_type: file.type, bytes: file.size, sha256 };
  const { id, method, url, headers } = await post<DirectUpload>('/v1/image-uploads', announcement);
  const signed = new Headers(headers);
  // The browser sets the length.
  signed.delete('content-length');
  const sent = await fetch(url, { method, headers: signed, body: file, credentials: 'omit' });
  if (!sent.ok) throw await problemOf(sent);
  return post<Image>(`/v1/image-uploads/${id}/complete`, alt ? { alt } : {});
}

/** Puts a placeholder into the text for each image, and replaces it when the image is uploaded. */
export async function insertImages(files: File[], at: number, view: EditorView): Promise<void> {
  const places = files.map((file) => ({ file, mark: `![${file.name.replace(/[[\]]/g, '')}…](uploading-${crypto.randomUUID()})` }));
  view.dispatch({ changes: { from: at, insert: places.map(({ mark }) => mark).join('\n') }, userEvent: 'input.drop' });
  let failure: Error | null = null;
  for (const { file, mark } of places) {
    try {
      const image = await uploadImage(file);
      replace(view, mark, `![${image.alt ?? ''}](${image.url})`);
    } catch (error) {
      replace(view, mark, '');
      failure = error instanceof Error ? error : new Error(String(error));
    }
  }
  if (failure) throw failure;
}

/** The user may have moved or removed the placeholder. */
function replace(view: EditorView, mark: string, text: string): void {
  const from = view.state.sliceDoc().indexOf(mark);
  if (from < 0) return;
  const at = view.state.lineBreak.length > 1 ? offset(view, mark) : from;
  view.dispatch({ changes: { from: at, to: at + mark.length, insert: text }, userEvent: 'input' });
}

/** Positions count each line break as one. */
function offset(view: EditorView, mark: string): number {
  return view.state.doc.toString().indexOf(mark);
}
