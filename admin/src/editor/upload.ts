import type { EditorView } from '@codemirror/view';

import { post } from '../api/client';
import type { Image } from '../api/types';

export function uploadImage(file: File, alt?: string): Promise<Image> {
  const form = new FormData();
  if (alt) form.set('alt', alt);
  form.set('file', file);
  return post<Image>('/v1/images', form);
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
