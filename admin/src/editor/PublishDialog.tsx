import DoneIcon from '@mui/icons-material/CheckRounded';
import WarningIcon from '@mui/icons-material/WarningAmberRounded';
import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, FormControlLabel, Radio, RadioGroup, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';

import { TIME_ZONE, useDates } from '../format';
import type { PostDocument } from './document';
import type { Snapshot } from './snapshot';
import { lint } from './lint';
import { useRendition } from './rendition';

interface Props {
  document: PostDocument;
  snapshot: Snapshot;
  onClose: () => void;
}

type When = 'now' | 'later' | 'review';

/** What will be public, when, and what to look at before. Saves first. */
export function PublishDialog({ document: doc, snapshot, onClose }: Props) {
  const translate = useTranslate();
  const notify = useNotify();
  const dates = useDates();
  const { post, fields, state } = snapshot;
  const { html, references, isOutdated } = useRendition(snapshot);
  const findings = lint(fields.body, html, references, fields.excerpt);
  // The first save of a new post tells what the user may do with it.
  const may = (name: string) => post === null || post.allowed.includes(name);
  const options: When[] = (['now', 'later', 'review'] as const).filter((when) => may(TRANSITIONS[when]));
  const [when, setWhen] = useState<When>(options[0] ?? 'now');
  const [start, setStart] = useState('');
  const [end, setEnd] = useState('');
  const [isBusy, setBusy] = useState(false);
  const isReady = fields.title.trim() !== '' && (when !== 'later' || start !== '' || end !== '');

  const run = async () => {
    setBusy(true);
    const body =
      when === 'later' ? { publish_at: start || undefined, unpublish_at: end || undefined, time_zone: TIME_ZONE } : undefined;
    const isDone = await doc.transition(TRANSITIONS[when], body);
    setBusy(false);
    if (!isDone) return;
    notify(`publish.done_${when}`, { type: 'success' });
    onClose();
  };

  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" aria-labelledby="publish-title">
      <DialogTitle id="publish-title">{translate(post?.live ? 'publish.title_update' : 'publish.title')}</DialogTitle>
      <DialogContent>
        <Box component="section" aria-label={translate('publish.checks')} sx={{ mb: 2.5 }}>
          {findings.map(({ kind, detail, line }, nth) => (
            <Box key={`${kind}${nth}`} sx={{ display: 'flex', gap: 1, alignItems: 'baseline', mb: 0.5 }}>
              <WarningIcon sx={{ fontSize: 18, color: 'warning.main', alignSelf: 'center' }} />
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                {translate(`lint.${kind}`)} {detail && <strong>{detail}</strong>}{' '}
                {line !== null && translate('lint.line', { line })}
              </Typography>
            </Box>
          ))}
          {findings.length === 0 && !isOutdated && (
            <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
              <DoneIcon sx={{ fontSize: 18, color: 'success.main' }} />
              <Typography variant="body2">{translate('publish.no_findings')}</Typography>
            </Box>
          )}
        </Box>
        <RadioGroup value={when} onChange={(_, value) => setWhen(value as When)} aria-label={translate('publish.when')}>
          {options.map((option) => (
            <FormControlLabel key={option} value={option} control={<Radio size="small" />} label={translate(`publish.${option}`)} />
          ))}
        </RadioGroup>
        {when === 'later' && (
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { sm: '1fr 1fr' }, mt: 1.5 }}>
            <DateTime label={translate('publish.start')} value={start} onChange={setStart} />
            <DateTime label={translate('publish.end')} value={end} onChange={setEnd} />
            <Typography variant="caption" sx={{ color: 'text.secondary', gridColumn: '1 / -1' }}>
              {translate('publish.zone', { zone: TIME_ZONE })}
            </Typography>
          </Box>
        )}
        <Typography variant="body2" sx={{ color: 'text.secondary', mt: 2 }}>
          {when === 'now' && translate(post?.live ? 'publish.now_update_text' : 'publish.now_text')}
          {when === 'review' && translate('publish.review_text')}
          {when === 'later' && start !== '' && translate('publish.later_text', { date: dates.full(start) })}
        </Typography>
        {(state.kind === 'refused' || state.kind === 'offline') && (
          <Alert severity="error" sx={{ mt: 2 }}>
            {state.kind === 'refused' ? state.detail : translate('publish.offline')}
          </Alert>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{translate('ra.action.cancel')}</Button>
        <Button variant="contained" disabled={isBusy || !isReady || options.length === 0} onClick={() => void run()}>
          {translate(`publish.do_${when}`)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

const TRANSITIONS = { now: 'publish', later: 'schedule', review: 'submit' } as const;

function DateTime({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextField
      label={label}
      type="datetime-local"
      value={value}
      onChange={(event) => onChange(event.target.value && `${event.target.value.slice(0, 16)}:00`)}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
}
