import type { EditorView, KeyBinding } from '@codemirror/view';
import { EditorSelection } from '@codemirror/state';

/** Puts marks around the selection, or removes them. */
function wrap(mark: string) {
  return (view: EditorView): boolean => {
    const { state } = view;
    const size = mark.length;
    view.dispatch(
      state.changeByRange((range) => {
        const isMarked =
          state.sliceDoc(range.from - size, range.from) === mark && state.sliceDoc(range.to, range.to + size) === mark;
        if (isMarked) {
          return {
            changes: [
              { from: range.from - size, to: range.from },
              { from: range.to, to: range.to + size },
            ],
            range: EditorSelection.range(range.from - size, range.to - size),
          };
        }
        return {
          changes: [
            { from: range.from, insert: mark },
            { from: range.to, insert: mark },
          ],
          range: EditorSelection.range(range.from + size, range.to + size),
        };
      }),
      { scrollIntoView: true, userEvent: 'input' },
    );
    view.focus();
    return true;
  };
}

/** Begins each selected line with a mark, or removes it. */
function prefix(mark: string, pattern: RegExp) {
  return (view: EditorView): boolean => {
    const { state } = view;
    const { from, to } = state.selection.main;
    const first = state.doc.lineAt(from).number;
    const last = state.doc.lineAt(to).number;
    const lines = Array.from({ length: last - first + 1 }, (_, nth) => state.doc.line(first + nth));
    const isMarked = lines.every(({ text }) => text.startsWith(mark));
    const changes = lines.map(({ from: start, text }) => {
      const old = pattern.exec(text)?.[0] ?? '';
      return { from: start, to: start + old.length, insert: isMarked ? '' : mark };
    });
    view.dispatch({ changes, userEvent: 'input' });
    view.focus();
    return true;
  };
}

function link(view: EditorView): boolean {
  const { state } = view;
  const { from, to } = state.selection.main;
  const text = state.sliceDoc(from, to);
  view.dispatch({
    changes: { from, to, insert: `[${text}]()` },
    selection: { anchor: text ? from + text.length + 3 : from + 1 },
    userEvent: 'input',
  });
  view.focus();
  return true;
}

export const bold = wrap('**');
export const italic = wrap('*');
export const code = wrap('`');
export const heading = prefix('## ', /^#{1,6} /);
export const quote = prefix('> ', /^> ?/);
export const list = prefix('- ', /^([-*+]|\d+[.)]) /);
export { link };

export const COMMANDS: KeyBinding[] = [
  { key: 'Mod-b', run: bold },
  { key: 'Mod-i', run: italic },
  { key: 'Mod-e', run: code },
  { key: 'Mod-k', run: link },
  { key: 'Mod-Alt-2', run: heading },
  { key: 'Mod-Shift-.', run: quote },
  { key: 'Mod-Shift-8', run: list },
];
