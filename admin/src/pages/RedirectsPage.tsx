import { Box, Button, Tab, Tabs } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { post, request } from '../api/client';
import type { Redirect, UnknownAddress } from '../api/types';
import { useDates } from '../format';
import { FormDialog, ListPage, useAction } from './parts';

/** Redirects made by hand, and the addresses that readers asked for in vain. */
export default function RedirectsPage() {
  const translate = useTranslate();
  const dates = useDates();
  const run = useAction();
  const [shown, setShown] = useState<'redirects' | 'unknown'>('redirects');
  const [from, setFrom] = useState<string | null>(null);
  const tabs = (
    <Tabs value={shown} onChange={(_, value: 'redirects' | 'unknown') => setShown(value)} sx={{ mb: 2, borderBottom: 1, borderColor: 'divider' }}>
      <Tab value="redirects" label={translate('nav.redirects')} />
      <Tab value="unknown" label={translate('redirects.unknown')} />
    </Tabs>
  );
  const create = (
    <Button variant="contained" onClick={() => setFrom('')}>
      {translate('redirects.create')}
    </Button>
  );
  const path = (text: string) => <Box component="code" sx={{ overflowWrap: 'anywhere' }}>{text}</Box>;
  return (
    <>
      {shown === 'redirects' ? (
        <ListPage<Redirect>
          key="redirects"
          resource="redirects"
          title={translate('nav.redirects')}
          actions={create}
          filters={tabs}
          empty={translate('redirects.empty')}
          columns={[
            { label: translate('redirects.from'), render: (row) => path(row.from) },
            { label: translate('redirects.to'), render: (row) => path(row.to ?? `#/posts/${row.post_id ?? ''}`) },
            { label: translate('redirects.kind'), render: ({ permanent }) => translate(permanent ? 'redirects.permanent' : 'redirects.temporary') },
          ]}
          rowActions={(row) => (
            <Button size="small" onClick={() => void run(() => request('DELETE', `/v1/redirects/${row.id}`))} aria-label={`${translate('ra.action.delete')}: ${row.from}`}>
              {translate('ra.action.delete')}
            </Button>
          )}
        />
      ) : (
        <ListPage<UnknownAddress & { id: string }>
          key="unknown"
          resource="unknown"
          title={translate('nav.redirects')}
          actions={create}
          filters={tabs}
          empty={translate('redirects.unknown_empty')}
          columns={[
            { label: translate('redirects.path'), render: (row) => path(row.path) },
            { label: translate('redirects.count'), render: ({ count }) => count },
            { label: translate('redirects.last'), render: ({ last_requested_at }) => dates.short(last_requested_at) },
          ]}
          rowActions={(row) => (
            <>
              <Button size="small" onClick={() => setFrom(row.path)} aria-label={`${translate('redirects.make')}: ${row.path}`}>
                {translate('redirects.make')}
              </Button>
              <Button
                size="small"
                onClick={() => void run(() => request('DELETE', '/v1/redirects/unknown', { query: { path: row.path } }))}
                aria-label={`${translate('redirects.dismiss')}: ${row.path}`}
              >
                {translate('redirects.dismiss')}
              </Button>
            </>
          )}
        />
      )}
      {from !== null && (
        <FormDialog
          title={translate('redirects.create')}
          submit={translate('ra.action.create')}
          fields={[
            { name: 'from', label: translate('redirects.from'), hint: '/2019/old-page.html', required: true, initial: from },
            { name: 'to', label: translate('redirects.to'), hint: translate('redirects.to_hint'), required: true },
            {
              name: 'permanent',
              label: translate('redirects.kind'),
              type: 'select',
              initial: 'true',
              options: [
                { value: 'true', label: translate('redirects.permanent') },
                { value: 'false', label: translate('redirects.temporary') },
              ],
            },
          ]}
          onSubmit={async (values) => {
            await post('/v1/redirects', { from: values.from, to: values.to, permanent: values.permanent === 'true' });
            setFrom(null);
            await run(() => Promise.resolve());
          }}
          onClose={() => setFrom(null)}
        />
      )}
    </>
  );
}
