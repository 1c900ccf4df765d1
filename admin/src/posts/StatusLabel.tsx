import { Box, Typography } from '@mui/material';
import { useTranslate } from 'react-admin';

import type { PostSummary } from '../api/types';
import { useDates } from '../format';

type Shown = Pick<PostSummary, 'status' | 'review' | 'has_unpublished_changes' | 'live' | 'plan'>;

const COLOURS: Record<PostSummary['status'], string> = {
  draft: 'text.secondary',
  scheduled: 'warning.main',
  published: 'success.main',
  archived: 'text.secondary',
  trashed: 'error.main',
};

/** The status of a post in words; the colour only repeats it. */
export function StatusLabel({ post, inline = false }: { post: Shown; inline?: boolean }) {
  const translate = useTranslate();
  const dates = useDates();
  const details: string[] = [];
  if (post.review !== 'none') details.push(translate(`state.${post.review}`));
  if (post.live && post.has_unpublished_changes) details.push(translate('state.edited'));
  if (post.plan?.publish_at) details.push(translate('state.publishes_at', { date: dates.full(post.plan.publish_at) }));
  if (post.plan?.unpublish_at) details.push(translate('state.ends_at', { date: dates.full(post.plan.unpublish_at) }));
  return (
    <Box sx={{ display: inline ? 'flex' : 'block', alignItems: 'center', flexWrap: 'wrap', columnGap: 1 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
        <Box aria-hidden sx={{ width: 8, height: 8, borderRadius: '50%', flex: 'none', bgcolor: COLOURS[post.status] }} />
        <Typography variant="body2" component="span" sx={{ fontWeight: 500 }}>
          {translate(`state.${post.status}`)}
        </Typography>
      </Box>
      {details.map((detail) => (
        <Typography key={detail} variant="caption" component="div" sx={{ color: 'text.secondary', pl: inline ? 0 : 2 }}>
          {detail}
        </Typography>
      ))}
    </Box>
  );
}
