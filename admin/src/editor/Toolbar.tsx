import type { EditorView } from '@codemirror/view';
import CodeIcon from '@mui/icons-material/Code';
import BoldIcon from '@mui/icons-material/FormatBold';
import ItalicIcon from '@mui/icons-material/FormatItalic';
import ListIcon from '@mui/icons-material/FormatListBulleted';
import QuoteIcon from '@mui/icons-material/FormatQuote';
import ImageIcon from '@mui/icons-material/ImageOutlined';
import LinkIcon from '@mui/icons-material/Link';
import HeadingIcon from '@mui/icons-material/Title';
import { Box, IconButton, Tooltip } from '@mui/material';
import { useRef } from 'react';
import { useTranslate } from 'react-admin';

import { ImageInput } from '../layout/ImageInput';
import { bold, code, heading, italic, link, list, quote } from './commands';

const TOOLS = [
  ['bold', 'Ctrl+B', BoldIcon, bold],
  ['italic', 'Ctrl+I', ItalicIcon, italic],
  ['heading', 'Ctrl+Alt+2', HeadingIcon, heading],
  ['link', 'Ctrl+K', LinkIcon, link],
  ['list', 'Ctrl+Shift+8', ListIcon, list],
  ['quote', 'Ctrl+Shift+.', QuoteIcon, quote],
  ['code', 'Ctrl+E', CodeIcon, code],
] as const;

interface Props {
  view: EditorView | null;
  onFiles: (files: File[], at: number, view: EditorView) => void;
}

export function Toolbar({ view, onFiles }: Props) {
  const translate = useTranslate();
  const input = useRef<HTMLInputElement>(null);
  return (
    <Box role="toolbar" aria-label={translate('editor.toolbar')} sx={{ display: 'flex', flexWrap: 'wrap', ml: -1, mt: 1, mb: 1.5 }}>
      {TOOLS.map(([name, keys, Icon, run]) => (
        <Tooltip key={name} title={`${translate(`tool.${name}`)} (${keys})`}>
          <IconButton aria-label={translate(`tool.${name}`)} onClick={() => view && run(view)} size="small" sx={{ width: 36, height: 36 }}>
            <Icon fontSize="small" />
          </IconButton>
        </Tooltip>
      ))}
      <Tooltip title={translate('tool.image')}>
        <IconButton aria-label={translate('tool.image')} onClick={() => input.current?.click()} size="small" sx={{ width: 36, height: 36 }}>
          <ImageIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <ImageInput
        ref={input}
        label={translate('tool.image')}
        onChoose={(files) => {
          if (view) onFiles(files, view.state.selection.main.head, view);
        }}
      />
    </Box>
  );
}
