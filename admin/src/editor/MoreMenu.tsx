import MoreIcon from '@mui/icons-material/MoreHoriz';
import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle, IconButton, Menu, MenuItem, TextField, Tooltip } from '@mui/material';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';

import type { PostDocument } from './document';
import type { Snapshot } from './snapshot';

const TRANSITIONS = ['submit', 'request-changes', 'unschedule', 'unpublish', 'archive', 'trash', 'untrash'] as const;

type Transition = (typeof TRANSITIONS)[number];

interface Props {
  document: PostDocument;
  snapshot: Snapshot;
  onHistory: () => void;
}

/** The transitions that the user may perform now, and the history. */
export function MoreMenu({ document: doc, snapshot, onHistory }: Props) {
  const translate = useTranslate();
  const notify = useNotify();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [asked, setAsked] = useState<Transition | null>(null);
  const [note, setNote] = useState('');
  const { post } = snapshot;
  if (!post) return null;
  const offered = TRANSITIONS.filter((name) => post.allowed.includes(name) || post.allowed.includes(name.replace('-', '_')));

  const run = async (name: Transition) => {
    setAsked(null);
    const body = name === 'request-changes' ? { note: note || undefined } : undefined;
    if (await doc.transition(name, body)) notify('transition.done', { type: 'success' });
  };

  return (
    <>
      <Tooltip title={translate('editor.more')}>
        <IconButton size="small" aria-label={translate('editor.more')} aria-haspopup="menu" onClick={(event) => setAnchor(event.currentTarget)}>
          <MoreIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem
          onClick={() => {
            setAnchor(null);
            onHistory();
          }}
        >
          {translate('history.title')}
        </MenuItem>
        {offered.map((name) => (
          <MenuItem
            key={name}
            onClick={() => {
              setAnchor(null);
              setAsked(name);
            }}
          >
            {translate(`transition.${name}`)}
          </MenuItem>
        ))}
      </Menu>
      <Dialog open={asked !== null} onClose={() => setAsked(null)} aria-labelledby="transition-title">
        <DialogTitle id="transition-title">{translate(`transition.${asked ?? 'trash'}`)}</DialogTitle>
        <DialogContent>
          <DialogContentText>{translate(`transition.text_${asked ?? 'trash'}`)}</DialogContentText>
          {asked === 'request-changes' && (
            <TextField label={translate('transition.note')} value={note} onChange={(event) => setNote(event.target.value)} fullWidth multiline sx={{ mt: 2 }} />
          )}
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setAsked(null)}>{translate('ra.action.cancel')}</Button>
          <Button variant="contained" onClick={() => asked && void run(asked)}>
            {translate(`transition.${asked ?? 'trash'}`)}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
