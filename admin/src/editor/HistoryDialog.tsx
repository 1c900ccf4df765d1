import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, List, ListItemButton, ListItemText, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';

import { get } from '../api/client';
import type { Page, Post, PostDiff, RevisionRow } from '../api/types';
import { useDates } from '../format';
import { MONO } from '../theme';
import type { PostDocument } from './document';

interface Props {
  document: PostDocument;
  post: Post;
  onClose: () => void;
}

/** The revisions of a post, what each changed, and a way back. */
export function HistoryDialog({ document: doc, post, onClose }: Props) {
  const translate = useTranslate();
  const notify = useNotify();
  const dates = useDates();
  const isPhone = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'));
  const revisions = useInfiniteQuery({
    queryKey: ['revisions', post.id, post.revision],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => get<Page<RevisionRow>>(`/v1/posts/${post.id}/revisions`, { limit: 30, cursor: pageParam }),
    getNextPageParam: ({ page }) => page.next_cursor,
  });
  const rows = revisions.data?.pages.flatMap(({ items }) => items) ?? [];
  const [chosen, setChosen] = useState<number | null>(null);
  const at = rows.findIndex(({ revision }) => revision === (chosen ?? rows[0]?.revision));
  const row = rows[at];
  const before = rows[at + 1];
  const diff = useQuery({
    queryKey: ['diff', post.id, row?.revision, before?.revision],
    enabled: row !== undefined && before !== undefined,
    queryFn: () => get<PostDiff>(`/v1/posts/${post.id}/revisions/${row?.revision ?? 0}/diff`, { from: before?.revision }),
    staleTime: Infinity,
  });

  const restore = async () => {
    if (!row) return;
    if (await doc.restore(row.revision)) {
      notify('history.restored', { type: 'success', messageArgs: { revision: row.revision } });
      onClose();
    }
  };

  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="lg" fullScreen={isPhone} aria-labelledby="history-title">
      <DialogTitle id="history-title">{translate('history.title')}</DialogTitle>
      <DialogContent dividers sx={{ display: { md: 'grid' }, gridTemplateColumns: '300px 1fr', gap: 3, p: 0 }}>
        <List dense sx={{ overflow: 'auto', maxHeight: { xs: 220, md: '65vh' }, borderRight: { md: 1 }, borderColor: { md: 'divider' } }} aria-label={translate('history.title')}>
          {rows.map((revision) => (
            <li key={revision.revision}>
              <ListItemButton selected={revision === row} onClick={() => setChosen(revision.revision)}>
                <ListItemText primary={`${revision.revision} · ${dates.full(revision.at)}`} secondary={notes(revision, translate)} />
              </ListItemButton>
            </li>
          ))}
          {revisions.hasNextPage && <Button onClick={() => void revisions.fetchNextPage()}>{translate('details.more')}</Button>}
        </List>
        <Box sx={{ overflow: 'auto', maxHeight: { md: '65vh' }, p: 2 }} aria-live="polite">
          {row && !before && !revisions.hasNextPage && <Typography sx={{ color: 'text.secondary' }}>{translate('history.first')}</Typography>}
          {diff.error && <Typography sx={{ color: 'error.main' }}>{diff.error.message}</Typography>}
          {diff.data && <DiffView diff={diff.data} />}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{translate('ra.action.close')}</Button>
        <Button variant="contained" disabled={!row || row.revision === post.revision || !post.allowed.includes('edit')} onClick={() => void restore()}>
          {translate('history.restore')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function notes(row: RevisionRow, translate: (key: string, options?: object) => string): string {
  const parts = [row.note, row.published ? translate('history.published') : null];
  if (row.restored_from !== null) parts.push(translate('history.restored_from', { revision: row.restored_from }));
  if (row.merged_from !== null) parts.push(translate('history.merged'));
  return parts.filter(Boolean).join(' · ');
}

const TINT = { kept: 'transparent', added: 'success.main', removed: 'error.main' } as const;

function DiffView({ diff }: { diff: PostDiff }) {
  const translate = useTranslate();
  return (
    <>
      {Object.entries(diff.fields).map(([name, { from, to }]) => (
        <Box key={name} sx={{ mb: 2 }}>
          <Typography variant="h3">{translate(`member.${name}`, { _: name })}</Typography>
          <Typography variant="body2" component="del" sx={{ color: 'error.main', display: 'block' }}>
            {JSON.stringify(from)}
          </Typography>
          <Typography variant="body2" component="ins" sx={{ color: 'success.main', textDecoration: 'none', display: 'block' }}>
            {JSON.stringify(to)}
          </Typography>
        </Box>
      ))}
      {diff.body?.hunks.map((hunk) => (
        <Box key={`${hunk.from_line}-${hunk.to_line}`} sx={{ mb: 2, border: 1, borderColor: 'divider', borderRadius: 1.5, overflow: 'hidden' }}>
          {hunk.lines.map(({ change, text }, nth) => (
            <Box
              key={`${change}${nth}`}
              component={change === 'removed' ? 'del' : change === 'added' ? 'ins' : 'div'}
              sx={{ display: 'block', textDecoration: 'none', fontFamily: MONO, fontSize: '0.8125rem', px: 1.5, py: 0.25, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', borderLeft: 4, borderColor: TINT[change] }}
            >
              <Box component="span" aria-hidden sx={{ color: 'text.secondary', mr: 1 }}>
                {change === 'removed' ? '−' : change === 'added' ? '+' : ' '}
              </Box>
              {text.replace(/\r?\n$/, '')}
            </Box>
          ))}
        </Box>
      ))}
    </>
  );
}
