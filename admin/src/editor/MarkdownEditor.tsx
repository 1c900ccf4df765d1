import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useTheme } from '@mui/material';
import { useEffect, useEffectEvent, useRef } from 'react';

import { NONCE } from '../nonce';
import { MONO, SERIF } from '../theme';
import { COMMANDS } from './commands';

interface Props {
  text: string;
  /** The text replaces that of the editor when this changes. */
  generation: number;
  label: string;
  hint: string;
  language: string;
  readOnly: boolean;
  onChange: (text: string) => void;
  onFiles: (files: File[], at: number, view: EditorView) => void;
  onReady: (view: EditorView) => void;
}

/** Edits Markdown without changing a byte that the user does not change. */
export function MarkdownEditor(props: Props) {
  const { text, generation, label, hint, language, readOnly, onReady } = props;
  const { palette } = useTheme();
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const look = useRef(new Compartment());
  const change = useEffectEvent((next: string) => props.onChange(next));
  const files = useEffectEvent((list: File[], at: number, target: EditorView) => props.onFiles(list, at, target));
  const ready = useEffectEvent((target: EditorView) => onReady(target));
  const first = useEffectEvent(() => ({ text, label, hint, language, readOnly, colours: appearance(palette) }));

  useEffect(() => {
    if (!parent.current) return;
    const start = first();
    const separator = lineEnding(start.text);
    const editor = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: start.text,
        extensions: [
          EditorView.cspNonce.of(NONCE),
          EditorState.lineSeparator.of(separator),
          EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, '\n')),
          history(),
          drawSelection(),
          markdown({ base: markdownLanguage, addKeymap: true, completeHTMLTags: false }),
          keymap.of([...COMMANDS, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.lineWrapping,
          EditorState.readOnly.of(start.readOnly),
          placeholder(start.hint),
          EditorView.contentAttributes.of({
            'aria-label': start.label,
            spellcheck: 'true',
            autocorrect: 'on',
            autocapitalize: 'sentences',
            lang: start.language,
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change(update.state.sliceDoc());
          }),
          EditorView.domEventHandlers({
            drop: (event, target) => take(event.dataTransfer, event, target.posAtCoords(event), target),
            paste: (event, target) => take(event.clipboardData, event, target.state.selection.main.head, target),
          }),
          look.current.of(start.colours),
        ],
      }),
    });

    function take(data: DataTransfer | null, event: Event, at: number | null, target: EditorView): boolean {
      const images = [...(data?.files ?? [])].filter((file) => file.type.startsWith('image/'));
      if (images.length === 0) return false;
      event.preventDefault();
      files(images, at ?? target.state.doc.length, target);
      return true;
    }

    view.current = editor;
    ready(editor);
    return () => editor.destroy();
  }, [generation, language]);

  useEffect(() => {
    view.current?.dispatch({ effects: look.current.reconfigure(appearance(palette)) });
  }, [palette]);

  return <div ref={parent} data-testid="markdown" />;
}

/** The line ending to split at. A text that mixes them keeps each `\r` as a character. */
export function lineEnding(text: string): '\n' | '\r\n' {
  const all = text.match(/\r\n|\r|\n/g) ?? [];
  return all.length > 0 && all.every((end) => end === '\r\n') ? '\r\n' : '\n';
}

interface Palette {
  mode: 'light' | 'dark';
  primary: { main: string };
  text: { primary: string; secondary: string };
  action: { selected: string };
}

function appearance({ mode, primary, text, action }: Palette): Extension {
  const theme = EditorView.theme(
    {
      '&': { fontSize: '1.125rem', color: text.primary, backgroundColor: 'transparent' },
      '&.cm-focused': { outline: 'none' },
      '.cm-scroller': { fontFamily: SERIF, lineHeight: '1.7', overflow: 'visible' },
      '.cm-content': { padding: '4px 0 40vh', caretColor: primary.main },
      '.cm-line': { padding: 0 },
      '.cm-cursor': { borderLeftColor: primary.main, borderLeftWidth: '2px' },
      '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
        backgroundColor: mode === 'light' ? '#d7dcf5' : '#353b5e',
      },
      '.cm-placeholder': { color: text.secondary },
    },
    { dark: mode === 'dark' },
  );
  const style = HighlightStyle.define([
    { tag: tags.heading1, fontSize: '1.5em', fontWeight: '600' },
    { tag: tags.heading2, fontSize: '1.28em', fontWeight: '600' },
    { tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], fontSize: '1.1em', fontWeight: '600' },
    { tag: tags.strong, fontWeight: '700' },
    { tag: tags.emphasis, fontStyle: 'italic' },
    { tag: tags.strikethrough, textDecoration: 'line-through' },
    { tag: tags.monospace, fontFamily: MONO, fontSize: '0.86em', backgroundColor: action.selected },
    { tag: tags.link, color: primary.main },
    { tag: [tags.url, tags.labelName], color: text.secondary, fontFamily: MONO, fontSize: '0.8em' },
    { tag: tags.quote, color: text.secondary, fontStyle: 'italic' },
    { tag: [tags.processingInstruction, tags.contentSeparator, tags.meta], color: text.secondary },
  ]);
  return [theme, syntaxHighlighting(style)];
}
