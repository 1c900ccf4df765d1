import { Box, Button, Paper, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';

import { get } from '../api/client';
import { useDates } from '../format';
import { PageBody } from '../layout/PageBody';
import { PageHeading } from '../layout/PageHeading';
import { type PostFilter, type PostPage, type PostRecord, postQuery, postRecords } from '../providers/resources';
import { useMe } from '../providers/useMe';

/** What waits for the user, and what happened. */
export default function HomePage() {
  const translate = useTranslate();
  const { me, can } = useMe();
  const drafts = usePosts({ status: 'draft', owner: me?.id }, me !== undefined);
  const scheduled = usePosts({ status: 'scheduled' }, me !== undefined);
  const published = usePosts({ status: 'published' }, me !== undefined);
  const latest = usePosts({ status: 'any' }, me !== undefined);
  const inReview = latest.data?.filter(({ review }) => review === 'requested') ?? [];
  const isNew = latest.data?.length === 0;
  return (
    <PageBody>
      <PageHeading title={translate('home.title', { name: me?.display_name ?? '' })}>
        {can('posts:create') && (
          <Button variant="contained" component={Link} to="/posts/create">
            {translate('app.new_post')}
          </Button>
        )}
      </PageHeading>
      {isNew && <FirstSteps />}
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { md: '1fr 1fr' }, alignItems: 'start' }}>
        <Shelf title={translate('home.drafts')} posts={drafts.data} empty={translate('home.no_drafts')} date={(post) => post.updated_at} />
        <Shelf title={translate('home.review')} posts={inReview.slice(0, 6)} empty={translate('home.no_review')} date={(post) => post.updated_at} />
        <Shelf title={translate('home.scheduled')} posts={scheduled.data} empty={translate('home.no_scheduled')} date={(post) => post.plan?.publish_at ?? post.updated_at} />
        <Shelf title={translate('home.published')} posts={published.data} empty={translate('home.no_published')} date={(post) => post.published_at ?? post.updated_at} />
      </Box>
    </PageBody>
  );
}

function usePosts(filter: PostFilter, enabled: boolean) {
  const limit = filter.status === 'any' ? 50 : 6;
  return useQuery({
    queryKey: ['home', filter],
    enabled,
    queryFn: async () => postRecords(await get<PostPage>('/v1/posts', { ...postQuery(filter), limit })),
  });
}

interface ShelfProps {
  title: string;
  posts: PostRecord[] | undefined;
  empty: string;
  date: (post: PostRecord) => string;
}

function Shelf({ title, posts, empty, date }: ShelfProps) {
  const translate = useTranslate();
  const dates = useDates();
  return (
    <Paper variant="outlined" component="section" aria-label={title} sx={{ p: 2.5 }}>
      <Typography variant="h3" component="h2" sx={{ mb: 1 }}>
        {title}
      </Typography>
      {posts?.length === 0 && <Typography sx={{ color: 'text.secondary' }}>{empty}</Typography>}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {posts?.map((post) => (
          <Box component="li" key={post.id} sx={{ display: 'flex', gap: 2, alignItems: 'baseline', py: 0.75 }}>
            <Typography
              variant="subtitle1"
              component={Link}
              to={`/posts/${post.id}`}
              lang={post.locale}
              sx={{ flex: 1, color: 'text.primary', textDecoration: 'none', '&:hover': { color: 'primary.main' } }}
            >
              {post.title || translate('posts.untitled')}
            </Typography>
            <Typography variant="caption" component="time" dateTime={date(post)} sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
              {dates.short(date(post))}
            </Typography>
          </Box>
        ))}
      </Box>
    </Paper>
  );
}

const STEPS = [
  ['write', '/posts/create'],
  ['images', '/images'],
  ['order', '/categories'],
  ['people', '/users'],
] as const;

/** The tour of an empty site. */
function FirstSteps() {
  const translate = useTranslate();
  return (
    <Paper variant="outlined" component="section" aria-label={translate('home.first')} sx={{ p: 3, mb: 3 }}>
      <Typography variant="h2" sx={{ mb: 2 }}>
        {translate('home.first')}
      </Typography>
      <Box component="ol" sx={{ pl: 2.5, m: 0, display: 'grid', gap: 1.5 }}>
        {STEPS.map(([name, to]) => (
          <li key={name}>
            <Typography component={Link} to={to} sx={{ fontWeight: 600, color: 'primary.main' }}>
              {translate(`home.step_${name}`)}
            </Typography>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {translate(`home.step_${name}_text`)}
            </Typography>
          </li>
        ))}
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 2 }}>
        {translate('home.demo')} <code>./scripts/start --demo</code>
      </Typography>
    </Paper>
  );
}
