import AddIcon from '@mui/icons-material/Add';
import {
  Box,
  Button,
  Checkbox,
  Paper,
  Tab,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Tabs,
  Typography,
  useMediaQuery,
  type Theme,
} from '@mui/material';
import { useEffect, useEffectEvent } from 'react';
import { ListBase, Pagination, useListContext, useLocaleState, useResourceContext, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';

import type { Status } from '../api/types';
import { useDates } from '../format';
import { PageBody } from '../layout/PageBody';
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
          <Button variant="contained" startIcon={<AddIcon />} component={Link} to="/posts/create">
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
      {isEmpty ? <Nothing /> : isPhone ? <Cards /> : <Rows />}
      <Pages />
    </PageBody>
  );
}

function order(status: string): string {
  if (status === 'any') return 'posts.by_change';
  return status === 'scheduled' ? 'posts.by_plan' : 'posts.by_creation';
}

/** The labels of react-admin's table do not reach its checkboxes. */
function Rows() {
  const translate = useTranslate();
  const { data = [], selectedIds, onSelect, onToggleItem } = useListContext<PostRecord>();
  const ids = data.map(({ id }) => id);
  const isAll = ids.length > 0 && ids.every((id) => selectedIds.includes(id));
  return (
    <Paper variant="outlined" sx={{ overflow: 'hidden' }}>
      <Table>
        <TableHead>
          <TableRow>
            <TableCell padding="checkbox">
              <Checkbox
                checked={isAll}
                indeterminate={!isAll && selectedIds.length > 0}
                onChange={() => onSelect(isAll ? [] : ids)}
                slotProps={{ input: { 'aria-label': translate('ra.action.select_all') } }}
              />
            </TableCell>
            <TableCell sx={{ width: '48%' }}>{translate('posts.column_title')}</TableCell>
            <TableCell>{translate('posts.column_status')}</TableCell>
            <TableCell>{translate('posts.column_owner')}</TableCell>
            <TableCell>{translate('posts.column_updated')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {data.map((post) => (
            <TableRow key={post.id} hover selected={selectedIds.includes(post.id)}>
              <TableCell padding="checkbox">
                <Checkbox
                  checked={selectedIds.includes(post.id)}
                  onChange={() => onToggleItem(post.id)}
                  slotProps={{ input: { 'aria-label': `${translate('ra.action.select_row')}: ${post.title}` } }}
                />
              </TableCell>
              <TableCell>
                <PostTitle post={post} />
              </TableCell>
              <TableCell>
                <StatusLabel post={post} />
              </TableCell>
              <TableCell sx={{ color: 'text.secondary' }}>{post._owner ?? '–'}</TableCell>
              <TableCell>
                <Changed post={post} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Paper>
  );
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

function Changed({ post }: { post: PostRecord }) {
  const dates = useDates();
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
  const translate = useTranslate();
  const { data = [], selectedIds, onToggleItem } = useListContext<PostRecord>();
  return (
    <Paper variant="outlined" component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {data.map((post) => (
        <Box
          component="li"
          key={post.id}
          sx={{ display: 'flex', alignItems: 'flex-start', px: 2, py: 1.5, borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 } }}
        >
          <Checkbox
            checked={selectedIds.includes(post.id)}
            onChange={() => onToggleItem(post.id)}
            slotProps={{ input: { 'aria-label': `${translate('ra.action.select_row')}: ${post.title}` } }}
            sx={{ ml: -1.5, mt: -0.75 }}
          />
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <PostTitle post={post} />
            <Box sx={{ display: 'flex', mt: 0.5, gap: 2, justifyContent: 'space-between' }}>
              <StatusLabel post={post} inline />
              <Changed post={post} />
            </Box>
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
