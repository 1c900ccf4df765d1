import type { EditorView } from '@codemirror/view';
import BackIcon from '@mui/icons-material/ArrowBack';
import DetailsIcon from '@mui/icons-material/TuneOutlined';
import PreviewIcon from '@mui/icons-material/VisibilityOutlined';
import { Alert, Box, Button, Drawer, IconButton, InputBase, Tooltip, Typography, useMediaQuery, type Theme } from '@mui/material';
import { visuallyHidden } from '@mui/utils';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useLocaleState, useNotify, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';

import { useDates } from '../format';
import { StatusLabel } from '../posts/StatusLabel';
import { SERIF } from '../theme';
import { ConflictDialog } from './ConflictDialog';
import { DetailsPanel } from './DetailsPanel';
import type { PostDocument } from './document';
import type { Snapshot } from './snapshot';
import { HistoryDialog } from './HistoryDialog';
import { wordCount } from './lint';
import { MarkdownEditor } from './MarkdownEditor';
import { MoreMenu } from './MoreMenu';
import { Preview } from './Preview';
import { PublishDialog } from './PublishDialog';
import { SaveStatus } from './SaveStatus';
import { Toolbar } from './Toolbar';
import { insertImages } from './upload';

/** The page on which a post is written. */
export function Desk({ document: doc }: { document: PostDocument }) {
  const translate = useTranslate();
  const notify = useNotify();
  const snapshot = useSyncExternalStore(doc.subscribe, doc.get);
  const { post, fields, state, generation } = snapshot;
  const isWide = useMediaQuery((theme: Theme) => theme.breakpoints.up('lg'));
  const [shows, setShows] = useState<'text' | 'preview'>('text');
  const [split, setSplit] = useState(true);
  const [details, setDetails] = useState(false);
  const [dialog, setDialog] = useState<'publish' | 'history' | null>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const readOnly = post !== null && !post.allowed.includes('edit');
  const title = fields.title || translate('posts.untitled');

  useEffect(() => {
    document.title = `${title} · Tintero`;
  }, [title]);

  const save = useCallback(async () => {
    if (await doc.save()) notify('editor.saved', { type: 'success', autoHideDuration: 2000 });
  }, [doc, notify]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
        event.preventDefault();
        void save();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [save]);

  const onFiles = useCallback(
    (files: File[], at: number, target: EditorView) => {
      void insertImages(files, at, target).catch((error: unknown) =>
        notify('app.error', { type: 'error', messageArgs: { detail: error instanceof Error ? error.message : '' } }),
      );
    },
    [notify],
  );

  const preview = isWide ? split : shows === 'preview';
  const text = isWide || shows === 'text';
  return (
    <Box sx={{ width: '100%', minWidth: 0 }}>
      <Box component="h1" sx={visuallyHidden}>
        {title}
      </Box>
      <Box
        sx={{ position: 'sticky', top: 56, zIndex: 5, bgcolor: 'background.default', borderBottom: 1, borderColor: 'divider', px: { xs: 1, md: 2 }, py: 0.75 }}
      >
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 40 }}>
          <Tooltip title={translate('posts.title')}>
            <IconButton component={Link} to="/posts" aria-label={translate('posts.title')} size="small">
              <BackIcon fontSize="small" />
            </IconButton>
          </Tooltip>
          <SaveStatus snapshot={snapshot} />
          <Box sx={{ flex: 1 }} />
          <Tooltip title={translate('editor.preview')}>
            <IconButton
              size="small"
              aria-label={translate('editor.preview')}
              aria-pressed={preview}
              color={preview ? 'primary' : 'default'}
              onClick={() => (isWide ? setSplit(!split) : setShows(shows === 'text' ? 'preview' : 'text'))}
            >
              <PreviewIcon fontSize="small" />
            </IconButton>
          </Tooltip>
          <Tooltip title={translate('editor.details')}>
            <IconButton
              size="small"
              aria-label={translate('editor.details')}
              aria-pressed={details}
              color={details ? 'primary' : 'default'}
              onClick={() => setDetails(!details)}
            >
              <DetailsIcon fontSize="small" />
            </IconButton>
          </Tooltip>
          <MoreMenu document={doc} snapshot={snapshot} onHistory={() => setDialog('history')} />
          {!readOnly && (
            <>
              <Button size="small" variant="outlined" onClick={() => void save()} disabled={state.kind === 'conflict'} sx={{ display: { xs: 'none', sm: 'inline-flex' } }}>
                {translate('ra.action.save')}
              </Button>
              <Button size="small" variant="contained" onClick={() => setDialog('publish')} disabled={state.kind === 'conflict'}>
                {translate('editor.publish')}
              </Button>
            </>
          )}
        </Box>
      </Box>
      <Notices document={doc} snapshot={snapshot} readOnly={readOnly} />
      <Box sx={{ display: 'flex', minWidth: 0 }}>
        {text && (
          <Box sx={{ flex: 1, minWidth: 0, px: { xs: 2, md: 5 }, pt: 3 }}>
            <Box sx={{ maxWidth: 720, mx: 'auto' }}>
              {post && (
                <Box sx={{ mb: 1.5 }}>
                  <StatusLabel post={post} inline />
                </Box>
              )}
              <TitleInput document={doc} snapshot={snapshot} readOnly={readOnly} onEnter={() => view?.focus()} />
              {!readOnly && <Toolbar view={view} onFiles={onFiles} />}
              <MarkdownEditor
                text={fields.body}
                generation={generation}
                label={translate('editor.body')}
                hint={translate('editor.hint')}
                language={fields.locale}
                readOnly={readOnly}
                onChange={(body) => doc.edit({ body })}
                onFiles={onFiles}
                onReady={setView}
              />
            </Box>
          </Box>
        )}
        {preview && (
          <Box
            component="section"
            aria-label={translate('editor.preview')}
            sx={{ flex: 1, minWidth: 0, px: { xs: 2, md: 5 }, pt: 3, borderLeft: isWide ? 1 : 0, borderColor: 'divider', bgcolor: 'background.paper', minHeight: 'calc(100vh - 110px)' }}
          >
            <Box sx={{ maxWidth: 720, mx: 'auto', pb: 10 }}>
              <Preview snapshot={snapshot} />
            </Box>
          </Box>
        )}
      </Box>
      <Words body={fields.body} />
      <Drawer
        anchor="right"
        open={details}
        onClose={() => setDetails(false)}
        slotProps={{ paper: { sx: { width: { xs: '100%', sm: 400 } }, 'aria-label': translate('editor.details') } }}
      >
        <DetailsPanel document={doc} snapshot={snapshot} readOnly={readOnly} onClose={() => setDetails(false)} />
      </Drawer>
      {dialog === 'publish' && <PublishDialog document={doc} snapshot={snapshot} onClose={() => setDialog(null)} />}
      {dialog === 'history' && post && <HistoryDialog document={doc} post={post} onClose={() => setDialog(null)} />}
      {state.kind === 'conflict' && post && <ConflictDialog key={state.problem.request_id} document={doc} post={post} problem={state.problem} />}
    </Box>
  );
}

interface Part {
  document: PostDocument;
  snapshot: Snapshot;
  readOnly: boolean;
}

function TitleInput({ document: doc, snapshot, readOnly, onEnter }: Part & { onEnter: () => void }) {
  const translate = useTranslate();
  const { fields, state, post } = snapshot;
  const isFirst = useRef(post === null);
  const problem = state.kind === 'refused' ? state.errors.title : undefined;
  return (
    <>
      <InputBase
        value={fields.title}
        onChange={(event) => doc.edit({ title: event.target.value.replaceAll('\n', ' ') })}
        placeholder={translate('editor.title')}
        readOnly={readOnly}
        multiline
        fullWidth
        autoFocus={isFirst.current}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            onEnter();
          }
        }}
        inputProps={{ 'aria-label': translate('editor.title'), maxLength: 200, lang: fields.locale, spellCheck: true }}
        sx={{ fontFamily: SERIF, fontSize: { xs: '1.75rem', md: '2.25rem' }, fontWeight: 650, lineHeight: 1.2, letterSpacing: '-0.015em', p: 0 }}
      />
      {typeof problem === 'string' && (
        <Typography variant="caption" sx={{ color: 'error.main' }}>
          {problem}
        </Typography>
      )}
    </>
  );
}

/** What the user should know about the text: restored, merged, refused, not editable. */
function Notices({ document: doc, snapshot, readOnly }: Part) {
  const translate = useTranslate();
  const dates = useDates();
  const { state, recovered, merged } = snapshot;
  return (
    <Box sx={{ px: { xs: 2, md: 5 }, '& .MuiAlert-root': { mt: 2, maxWidth: 900, mx: 'auto' } }}>
      {readOnly && <Alert severity="info">{translate('editor.read_only')}</Alert>}
      {recovered && (
        <Alert
          severity="info"
          onClose={() => doc.dismissRecovered()}
          action={
            <>
              <Button size="small" color="inherit" onClick={() => void doc.discard()}>
                {translate('editor.discard')}
              </Button>
              <Button size="small" color="inherit" onClick={() => doc.dismissRecovered()}>
                {translate('editor.keep')}
              </Button>
            </>
          }
        >
          {translate(`editor.recovered_${recovered.from}`, { time: dates.full(new Date(recovered.at).toISOString()) })}
          {recovered.isOutdated && ` ${translate('editor.recovered_outdated')}`}
        </Alert>
      )}
      {merged && (
        <Alert severity="success" onClose={() => doc.dismissMerged()}>
          {translate('editor.merged')}
        </Alert>
      )}
      {state.kind === 'refused' && (
        <Alert severity="error">
          {state.detail}
          {Object.values(state.errors).map((error) => (typeof error === 'string' ? ` ${error}` : ''))}
          {state.suggestions.length > 0 && (
            <Box sx={{ mt: 1, display: 'flex', gap: 1, flexWrap: 'wrap' }}>
              {state.suggestions.map((slug) => (
                <Button key={slug} size="small" variant="outlined" color="inherit" onClick={() => doc.edit({ slug })}>
                  {slug}
                </Button>
              ))}
            </Box>
          )}
        </Alert>
      )}
    </Box>
  );
}

function Words({ body }: { body: string }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const words = wordCount(body);
  return (
    <Box
      sx={{ position: 'fixed', bottom: 0, right: 0, px: 1.5, py: 0.5, bgcolor: 'background.default', borderTop: 1, borderLeft: 1, borderColor: 'divider', borderTopLeftRadius: 8, zIndex: 4 }}
    >
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {translate('editor.words', { smart_count: words, count: words.toLocaleString(locale) })}
        {' · '}
        {translate('editor.minutes', { smart_count: Math.max(1, Math.round(words / 220)) })}
      </Typography>
    </Box>
  );
}
