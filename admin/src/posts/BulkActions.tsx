import CloseIcon from '@mui/icons-material/Close';
import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle, IconButton, Typography } from '@mui/material';
import { useState } from 'react';
import { useListContext, useNotify, useRefresh, useTranslate } from 'react-admin';

import { post } from '../api/client';
import type { BatchReport } from '../api/types';
import { postTag, type PostRecord } from '../providers/resources';

const ACTIONS = ['publish', 'unpublish', 'trash', 'untrash', 'purge'] as const;

type Action = (typeof ACTIONS)[number];

/** The transitions that every selected post allows, as one batch. Each post names the version in the list. */
export function BulkActions() {
  const translate = useTranslate();
  const notify = useNotify();
  const refresh = useRefresh();
  const { data = [], selectedIds, onUnselectItems } = useListContext<PostRecord>();
  const [asked, setAsked] = useState<Action | null>(null);
  const [failures, setFailures] = useState<{ done: number; lines: string[] } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const selected = data.filter(({ id }) => selectedIds.includes(id));
  const offered = ACTIONS.filter((action) => selected.length > 0 && selected.every(({ allowed }) => allowed.includes(action)));

  const count = translate('ra.action.bulk_actions', { smart_count: selected.length });

  const run = async (action: Action) => {
    setBusy(true);
    try {
      const report = await post<BatchReport>('/v1/posts:batch', {
        operations: selected.map((row) => ({ op: action, id: row.id, if_match: postTag(row) })),
      });
      const lines = report.results.flatMap(({ index, problem }) =>
        problem ? [`${selected[index]?.title ?? ''}: ${problem.detail}`] : [],
      );
      if (lines.length > 0) setFailures({ done: report.succeeded, lines });
      else notify('bulk.done', { type: 'success', messageArgs: { smart_count: report.succeeded } });
      onUnselectItems();
      refresh();
    } catch (error) {
      notify('app.error', { type: 'error', messageArgs: { detail: error instanceof Error ? error.message : '' } });
    } finally {
      setBusy(false);
      setAsked(null);
    }
  };

  return (
    <Box
      role="toolbar"
      aria-label={count}
      sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1, minHeight: 40, mb: 2, px: 1, borderRadius: 2, bgcolor: 'action.selected' }}
    >
      <IconButton size="small" aria-label={translate('ra.action.unselect')} onClick={() => onUnselectItems()}>
        <CloseIcon fontSize="small" />
      </IconButton>
      <Typography variant="body2" sx={{ fontWeight: 600, mr: 1 }}>
        {count}
      </Typography>
      {offered.map((action) => (
        <Button
          key={action}
          size="small"
          color={action === 'purge' ? 'error' : 'primary'}
          onClick={() => (action === 'untrash' ? void run(action) : setAsked(action))}
        >
          {translate(`bulk.${action}`)}
        </Button>
      ))}
      <Dialog open={asked !== null} onClose={() => setAsked(null)} aria-labelledby="bulk-title">
        <DialogTitle id="bulk-title">{translate(`bulk.confirm_${asked ?? ''}`, { smart_count: selected.length })}</DialogTitle>
        <DialogContent>
          <DialogContentText>{translate(`bulk.text_${asked ?? ''}`)}</DialogContentText>
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setAsked(null)}>{translate('ra.action.cancel')}</Button>
          <Button
            variant="contained"
            color={asked === 'purge' ? 'error' : 'primary'}
            disabled={isBusy}
            onClick={() => asked && void run(asked)}
          >
            {translate(`bulk.${asked ?? ''}`)}
          </Button>
        </DialogActions>
      </Dialog>
      <Dialog open={failures !== null} onClose={() => setFailures(null)} aria-labelledby="partly-title">
        <DialogTitle id="partly-title">
          {translate('bulk.partly', { done: failures?.done, failed: failures?.lines.length })}
        </DialogTitle>
        <DialogContent>
          {failures?.lines.map((line) => (
            <Alert key={line} severity="error" sx={{ mb: 1 }}>
              {line}
            </Alert>
          ))}
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setFailures(null)}>{translate('bulk.close')}</Button>
        </DialogActions>
      </Dialog>
    </Box>
  );
}
