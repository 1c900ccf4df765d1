import { Box, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import { useNavigate, useParams } from 'react-router-dom';

import { ApiError } from '../api/problem';
import { PageBody } from '../layout/PageBody';
import { useMe } from '../providers/useMe';
import { Desk } from './Desk';
import { PostDocument } from './document';
import { openPost, type Opened } from './opening';

const EMPTY: Opened = { post: null, etag: '', autosave: null };

/** Opens a post, or a new one. Opening reads only. */
export default function EditorPage() {
  const { id } = useParams();
  const { me } = useMe();
  // A new post gets its id in the address when it is saved: the editor stays as it is.
  const created = useRef<string | null>(null);
  const key = id !== undefined && id === created.current ? 'new' : (id ?? 'new');
  if (!me) return <Waiting />;
  return <Opening key={key} id={key === 'new' ? undefined : id} user={me.id} onCreated={(post) => (created.current = post)} />;
}

interface OpeningProps {
  id: string | undefined;
  user: string;
  onCreated: (id: string) => void;
}

function Opening({ id, user, onCreated }: OpeningProps) {
  const translate = useTranslate();
  const opened = useQuery({
    queryKey: ['editor', id ?? 'new'],
    queryFn: () => (id ? openPost(id) : Promise.resolve(EMPTY)),
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: (count, error) => !(error instanceof ApiError && error.status < 500) && count < 30,
    retryDelay: 2000,
  });
  if (opened.error) {
    return (
      <PageBody width={720}>
        <Typography variant="h2" component="h1">
          {translate('editor.cannot_open')}
        </Typography>
        <Typography sx={{ color: 'text.secondary', mt: 1 }}>{opened.error.message}</Typography>
      </PageBody>
    );
  }
  if (!opened.data) return <Waiting />;
  return <Opened_ opened={opened.data} user={user} onCreated={onCreated} />;
}

function Opened_({ opened, user, onCreated }: { opened: Opened; user: string; onCreated: (id: string) => void }) {
  const [locale] = useLocaleState();
  const navigate = useNavigate();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the document is made once for each opening
  const document_ = useMemo(() => new PostDocument(user, opened, locale), [opened, user]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      document_.flush();
      const { kind } = document_.get().state;
      if (['unsaved', 'saving', 'refused', 'conflict'].includes(kind)) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => {
      window.removeEventListener('beforeunload', warn);
      document_.close();
    };
  }, [document_]);
  useEffect(
    () =>
      document_.subscribe(() => {
        const { post } = document_.get();
        if (post && !opened.post && !window.location.hash.includes(post.id)) {
          onCreated(post.id);
          void navigate(`/posts/${post.id}`, { replace: true });
        }
      }),
    [document_, navigate, onCreated, opened.post],
  );
  return <Desk document={document_} />;
}

function Waiting() {
  return (
    <PageBody width={760}>
      <Box aria-busy="true">
        <Skeleton variant="text" sx={{ fontSize: '2.2rem', width: '70%' }} />
        <Skeleton variant="text" sx={{ fontSize: '1rem', width: '30%', mb: 3 }} />
        {['95%', '88%', '92%', '60%'].map((width) => (
          <Skeleton key={width} variant="text" sx={{ width, fontSize: '1.2rem' }} />
        ))}
      </Box>
    </PageBody>
  );
}
