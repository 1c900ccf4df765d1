import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, FormControlLabel, Radio, RadioGroup, ToggleButton, ToggleButtonGroup, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslate } from 'react-admin';

import { get, request } from '../api/client';
import type { Post, PostRevision, StaleProblem } from '../api/types';
import { NONCE } from '../nonce';
import { MONO } from '../theme';
import type { PostDocument } from './document';
import { type Fields, fieldsOf, isSame, type Member } from './fields';
import { lineEnding } from './MarkdownEditor';

interface Props {
  document: PostDocument;
  post: Post;
  problem: StaleProblem;
}

/** Shows my text, that of the others and the common base. Nothing is dropped until the user decides. */
export function ConflictDialog({ document: doc, post, problem }: Props) {
  const translate = useTranslate();
  const isPhone = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'));
  const mine = doc.get().fields;
  const current = useQuery({
    queryKey: ['conflict', post.id, problem.request_id],
    queryFn: () => request<Post>('GET', `/v1/posts/${post.id}`),
    staleTime: Infinity,
  });
  const base = useQuery({
    queryKey: ['revision', post.id, problem.base_revision],
    enabled: problem.base_revision !== undefined,
    queryFn: () => get<PostRevision>(`/v1/posts/${post.id}/revisions/${problem.base_revision ?? 0}`),
    retry: false,
  });
  const [chosen, setChosen] = useState<Partial<Record<Member, 'mine' | 'theirs'>>>({});
  const [result, setResult] = useState(mine.body);
  const [against, setAgainst] = useState<'theirs' | 'base'>('theirs');
  const [isBusy, setBusy] = useState(false);
  const theirs = current.data && fieldsOf(current.data.data);
  const members = theirs ? (Object.keys(mine) as Member[]).filter((name) => name in doc.get().changes && !isSame(mine[name], theirs[name])) : [];

  const keep = async () => {
    if (!current.data || !theirs) return;
    setBusy(true);
    const fields = members
      .filter((name) => name !== 'body' && chosen[name] !== 'theirs')
      .map((name) => [name, mine[name]]);
    const body = members.includes('body') ? { body: result } : {};
    await doc.resolve(current.data.data, current.data.etag, { ...(Object.fromEntries(fields) as Partial<Fields>), ...body });
    setBusy(false);
  };

  return (
    <Dialog open fullWidth maxWidth="lg" fullScreen={isPhone} aria-labelledby="conflict-title">
      <DialogTitle id="conflict-title">{translate('conflict.title')}</DialogTitle>
      <DialogContent>
        <Typography sx={{ mb: 2 }}>{translate('conflict.text')}</Typography>
        {problem.mergeable && (
          <Alert
            severity="success"
            sx={{ mb: 2 }}
            action={
              <Button color="inherit" size="small" disabled={isBusy} onClick={() => void doc.merge()}>
                {translate('conflict.merge')}
              </Button>
            }
          >
            {translate('conflict.mergeable')}
          </Alert>
        )}
        {members
          .filter((name) => name !== 'body')
          .map((name) => (
            <Box key={name} component="section" sx={{ mb: 2 }}>
              <Typography variant="h3" id={`conflict-${name}`}>
                {translate(`member.${name}`)}
              </Typography>
              <RadioGroup
                aria-labelledby={`conflict-${name}`}
                value={chosen[name] ?? 'mine'}
                onChange={(_, value) => setChosen({ ...chosen, [name]: value as 'mine' | 'theirs' })}
              >
                <FormControlLabel value="mine" control={<Radio size="small" />} label={`${translate('conflict.mine')}: ${show(mine[name])}`} />
                <FormControlLabel value="theirs" control={<Radio size="small" />} label={`${translate('conflict.theirs')}: ${show(theirs?.[name])}`} />
              </RadioGroup>
              {base.data && (
                <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                  {translate('conflict.base')}: {show((base.data as unknown as Fields)[name])}
                </Typography>
              )}
            </Box>
          ))}
        {theirs && members.includes('body') && (
          <Box component="section">
            <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, mb: 1, flexWrap: 'wrap' }}>
              <Typography variant="h3" sx={{ flex: 1 }}>
                {translate('member.body')}
              </Typography>
              {base.data && (
                <ToggleButtonGroup
                  exclusive
                  size="small"
                  value={against}
                  onChange={(_, value: 'theirs' | 'base' | null) => value && setAgainst(value)}
                  aria-label={translate('conflict.compare')}
                >
                  <ToggleButton value="theirs">{translate('conflict.theirs')}</ToggleButton>
                  <ToggleButton value="base">{translate('conflict.base')}</ToggleButton>
                </ToggleButtonGroup>
              )}
            </Box>
            <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 2, mb: 0.5 }}>
              <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                {translate(`conflict.${against}`)}
              </Typography>
              <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                {translate('conflict.result')}
              </Typography>
            </Box>
            <Merge left={against === 'theirs' ? theirs.body : (base.data?.body ?? '')} right={result} label={translate('conflict.result')} unchanged={translate('conflict.unchanged')} onChange={setResult} />
          </Box>
        )}
        {current.error && <Alert severity="error">{current.error.message}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button disabled={isBusy || !theirs} onClick={() => current.data && void doc.resolve(current.data.data, current.data.etag, {})}>
          {translate('conflict.take_theirs')}
        </Button>
        <Button variant="contained" disabled={isBusy || !theirs} onClick={() => void keep()}>
          {translate('conflict.save_result')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.join(', ') || '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Two texts side by side. Changes of the left one can be taken over; the right one is the result. */
interface MergeProps {
  left: string;
  right: string;
  label: string;
  unchanged: string;
  onChange: (text: string) => void;
}

/** Without the marks that few fonts have. */
const LOOK = EditorView.theme({
  '.cm-content': { fontFamily: MONO, fontSize: '0.8125rem' },
  '.cm-collapsedLines': { padding: '4px 12px', background: 'transparent', opacity: 0.75 },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '""', margin: 0 },
});

function Merge({ left, right, label, unchanged, onChange }: MergeProps) {
  const parent = useRef<HTMLDivElement>(null);
  const latest = useRef({ right, onChange });
  latest.current = { right, onChange };
  useEffect(() => {
    if (!parent.current) return;
    const start = latest.current.right;
    const common = [EditorView.cspNonce.of(NONCE), EditorView.lineWrapping, LOOK, EditorState.lineSeparator.of(lineEnding(start)), EditorState.phrases.of({ '$ unchanged lines': unchanged })];
    const view = new MergeView({
      parent: parent.current,
      a: { doc: left, extensions: [...common, EditorState.readOnly.of(true), EditorView.contentAttributes.of({ 'aria-label': 'base' })] },
      b: {
        doc: start,
        extensions: [
          ...common,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.sliceDoc());
          }),
        ],
      },
      revertControls: 'a-to-b',
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    return () => view.destroy();
  }, [left, label, unchanged]);
  return <Box ref={parent} sx={{ border: 1, borderColor: 'divider', borderRadius: 2, overflow: 'auto', maxHeight: '50vh', fontSize: '0.875rem' }} />;
}
