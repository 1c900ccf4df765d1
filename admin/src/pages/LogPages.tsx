import { Box, Button, Chip, LinearProgress, Link as MuiLink } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';

import { post } from '../api/client';
import type { AuditRecord, Operation, User } from '../api/types';
import { useDates } from '../format';
import { all } from '../providers/resources';
import { useMe } from '../providers/useMe';
import { ListPage, useAction } from './parts';

/** Who did what. */
export function AuditPage() {
  const translate = useTranslate();
  const dates = useDates();
  const { me, can } = useMe();
  const users = useQuery({ queryKey: ['all', 'users'], queryFn: () => all<User>('/v1/users'), enabled: can('users:read') });
  const name = (id: string | null) => {
    if (id === null) return '–';
    if (id === me?.id) return me.display_name;
    return users.data?.find((user) => user.id === id)?.display_name ?? id.slice(0, 8);
  };
  return (
    <ListPage<AuditRecord>
      resource="audit"
      title={translate('nav.audit')}
      empty={translate('audit.empty')}
      columns={[
        {
          label: translate('audit.at'),
          render: ({ at }) => (
            <time dateTime={at} title={dates.full(at)}>
              {dates.short(at)}
            </time>
          ),
        },
        { label: translate('audit.actor'), render: ({ actor_id, api_key_id }) => `${name(actor_id)}${api_key_id ? ` (${translate('audit.key')} …${api_key_id.slice(-8)})` : ''}` },
        { label: translate('audit.action'), render: ({ action }) => <Chip size="small" label={action.replaceAll('_', ' ')} /> },
        {
          label: translate('audit.resource'),
          render: ({ resource }) =>
            resource.kind === 'post' ? (
              <MuiLink component={Link} to={`/posts/${resource.id}`}>
                {resource.kind}
              </MuiLink>
            ) : (
              resource.kind
            ),
        },
        { label: translate('audit.note'), render: ({ note }) => note ?? '' },
      ]}
    />
  );
}

/** Long work and its progress. */
export function OperationsPage() {
  const translate = useTranslate();
  const dates = useDates();
  const run = useAction();
  return (
    <ListPage<Operation>
      resource="operations"
      title={translate('nav.operations')}
      empty={translate('operations.empty')}
      columns={[
        { label: translate('operations.kind'), render: ({ kind }) => translate(`operations.${kind}`) },
        { label: translate('posts.column_status'), render: ({ state }) => <Chip size="small" label={translate(`operations.${state}`)} /> },
        {
          label: translate('operations.progress'),
          render: ({ done, total }) => (
            <Box sx={{ minWidth: 120 }}>
              {done} / {total}
              <LinearProgress variant="determinate" value={total === 0 ? 100 : (done / total) * 100} aria-label={translate('operations.progress')} />
            </Box>
          ),
        },
        { label: translate('operations.begun'), render: ({ created_at }) => dates.short(created_at) },
      ]}
      rowActions={({ id, state, kind }) =>
        ['queued', 'running'].includes(state) && (
          <Button size="small" onClick={() => void run(() => post(`/v1/operations/${id}/cancel`))} aria-label={`${translate('ra.action.cancel')}: ${kind}`}>
            {translate('ra.action.cancel')}
          </Button>
        )
      }
    />
  );
}
