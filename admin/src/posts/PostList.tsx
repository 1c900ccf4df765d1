import AddIcon from '@mui/icons-material/Add';
import { Box, Button, Paper, Tab, Tabs, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useEffect, useEffectEvent } from 'react';
import {
  DataTable,
  ListBase,
  Pagination,
  useListContext,
  useLocaleState,
  useRecordContext,
  useResourceContext,
  useTranslate,
} from 'react-admin';
import { Link } from 'react-router-dom';

import type { Status } from '../api/types';
import { useDates } from '../format';
import { PageBody } from '../layout/AppLayout';
import { PageHeading } from '../layout/PageHeading';
import type { PostFilter, PostRecord } from '../providers/resources';
import { useMe } from '../providers/useMe';
import { BulkActions } from './BulkActions';
import { PostFilters } from './PostFilters';
import { StatusLabel } from './StatusLabel';

const STATUSES: ('any' | Status)[] = ['any', 'draft', 'scheduled', 'published', 'archived', 'trashed'];

export function PostList() {
  return (
    <ListBase perPage={20} disableSyncWithLocation={false} storeKey="posts.list">
      <PostListView />
    </ListBase>
  );
}

function PostListView() {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const { can } = useMe();
  const list = useListContext<PostRecord>();
  const { data, setFilters, isPending } = list;
  const filter = list.filterValues as PostFilter;
  const status = filter.status ?? 'any';
  const isPhone = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'));
  const isEmpty = !isPending && data?.length === 0;
  const hasSelection = list.selectedIds.length > 0;
  const { page, onUnselectItems } = list;
  // Actions concern the rows that the user sees.
  const unselect = useEffectEvent(() => onUnselectItems());
  useEffect(() => unselect(), [page, status]);
  return (
    <PageBody>
      <PageHeading title={translate('posts.title')}>
        {can('posts:create') && (
          <Button variant="contained" startIcon={<AddIcon />} component={Link} to="/posts/new">
            {translate('app.new_post')}
          </Button>
        )}
      </PageHeading>
      <Tabs
        value={status}
        onChange={(_, value: string) => setFilters({ ...filter, status: value === 'any' ? undefined : value })}
        variant="scrollable"
        scrollButtons={false}
        sx={{ borderBottom: 1, borderColor: 'divider', mb: 2 }}
        key={locale}
      >
        {STATUSES.map((value) => (
          <Tab key={value} value={value} label={translate(`status.${value}`)} />
        ))}
      </Tabs>
      {hasSelection ? <BulkActions /> : <PostFilters order={translate(order(status))} />}
      {isEmpty ? <Nothing /> : isPhone ? <Cards /> : <Table />}
      <Pages />
    </PageBody>
  );
}

function order(status: string): string {
  if (status === 'any') return 'posts.by_change';
  return status === 'scheduled' ? 'posts.by_plan' : 'posts.by_creation';
}

function Table() {
  const translate = useTranslate();
  return (
    <Paper variant="outlined" sx={{ overflow: 'hidden' }}>
      <DataTable rowClick={false} bulkActionButtons bulkActionsToolbar={<></>}>
        <DataTable.Col label={translate('posts.column_title')} disableSort sx={{ width: '48%' }}>
          <TitleCell />
        </DataTable.Col>
        <DataTable.Col label={translate('posts.column_status')} disableSort>
          <StatusCell />
        </DataTable.Col>
        <DataTable.Col label={translate('posts.column_owner')} disableSort>
          <OwnerCell />
        </DataTable.Col>
        <DataTable.Col label={translate('posts.column_updated')} disableSort>
          <UpdatedCell />
        </DataTable.Col>
      </DataTable>
    </Paper>
  );
}

function TitleCell() {
  const post = useRecordContext<PostRecord>();
  return post ? <PostTitle post={post} /> : null;
}

function PostTitle({ post }: { post: PostRecord }) {
  const translate = useTranslate();
  const details = [post.locale, ...post._categories, ...post.tags.slice(0, 3).map((tag) => `#${tag}`)];
  return (
    <Box sx={{ display: 'flex', gap: 1.75, alignItems: 'center', minWidth: 0 }}>
      <Thumbnail url={post._thumbnail} />
      <Box sx={{ minWidth: 0 }}>
        <Typography
          variant="subtitle1"
          component={Link}
          to={`/posts/${post.id}`}
          lang={post.locale}
          sx={{ color: 'text.primary', textDecoration: 'none', display: 'block', '&:hover': { color: 'primary.main' } }}
        >
          {post.title || translate('posts.untitled')}
        </Typography>
        <Typography variant="caption" component="div" noWrap sx={{ color: 'text.secondary' }}>
          {details.join(' · ')}
        </Typography>
      </Box>
    </Box>
  );
}

function Thumbnail({ url }: { url: string | null }) {
  return (
    <Box
      sx={{
        width: 52,
        height: 38,
        flex: 'none',
        borderRadius: 1.25,
        overflow: 'hidden',
        bgcolor: 'action.hover',
        display: { xs: 'none', sm: 'block' },
      }}
    >
      {url && <Box component="img" src={url} alt="" loading="lazy" sx={{ width: '100%', height: '100%', objectFit: 'cover' }} />}
    </Box>
  );
}

function StatusCell() {
  const post = useRecordContext<PostRecord>();
  return post ? <StatusLabel post={post} /> : null;
}

function OwnerCell() {
  const post = useRecordContext<PostRecord>();
  return (
    <Typography variant="body2" sx={{ color: 'text.secondary' }}>
      {post?._owner ?? '–'}
    </Typography>
  );
}

function UpdatedCell() {
  const post = useRecordContext<PostRecord>();
  const dates = useDates();
  if (!post) return null;
  return (
    <Typography
      variant="body2"
      component="time"
      dateTime={post.updated_at}
      title={dates.full(post.updated_at)}
      sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}
    >
      {dates.short(post.updated_at)}
    </Typography>
  );
}

/** The list on narrow screens. */
function Cards() {
  const dates = useDates();
  const { data = [] } = useListContext<PostRecord>();
  return (
    <Paper variant="outlined" component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {data.map((post) => (
        <Box
          component="li"
          key={post.id}
          sx={{ px: 2, py: 1.5, borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 } }}
        >
          <PostTitle post={post} />
          <Box sx={{ display: 'flex', mt: 0.5, gap: 2, justifyContent: 'space-between' }}>
            <StatusLabel post={post} inline />
            <Typography variant="caption" component="time" dateTime={post.updated_at} sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
              {dates.short(post.updated_at)}
            </Typography>
          </Box>
        </Box>
      ))}
    </Paper>
  );
}

function Nothing() {
  const translate = useTranslate();
  const resource = useResourceContext();
  const list = useListContext<PostRecord>();
  const { hasNextPage, page } = list;
  const isFiltered = Object.values(list.filterValues as PostFilter).some(Boolean) || page > 1;
  const kind = isFiltered ? 'no_match' : 'empty';
  return (
    <Paper variant="outlined" sx={{ px: 3, py: 7, textAlign: 'center' }} data-resource={resource}>
      <Typography variant="h2" component="p">
        {translate(`posts.${kind}_title`)}
      </Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>
        {translate(hasNextPage ? 'posts.short_page' : `posts.${kind}_text`)}
      </Typography>
    </Paper>
  );
}

/** Pages without a total: the API counts nothing. */
function Pages() {
  const { page, hasNextPage } = useListContext();
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [page]);
  return page === 1 && !hasNextPage ? null : <Pagination rowsPerPageOptions={[20, 50, 100]} />;
}
