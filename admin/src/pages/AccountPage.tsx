import { Box, Button, Chip, Paper, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLogout, useTranslate } from 'react-admin';

import { SecondFactorSection } from '../access/SecondFactorSection';
import { get, post, request } from '../api/client';
import { session } from '../api/session';
import type { SessionView } from '../api/types';
import { useDates } from '../format';
import { PageBody } from '../layout/PageBody';
import { PageHeading } from '../layout/PageHeading';
import { forgetUser } from '../providers/authProvider';
import { useMe } from '../providers/useMe';
import { FormDialog, useAction } from './parts';

/** The own profile, password and sessions. */
export default function AccountPage() {
  const translate = useTranslate();
  const dates = useDates();
  const client = useQueryClient();
  const logout = useLogout();
  const run = useAction();
  const { me } = useMe();
  const [asked, setAsked] = useState<'profile' | 'password' | null>(null);
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: async () => (await get<{ items: SessionView[] }>('/v1/me/sessions')).items });
  return (
    <PageBody width={760}>
      <PageHeading title={translate('nav.account')} />
      <Paper variant="outlined" sx={{ p: 2.5, mb: 4, display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
        <Box sx={{ flex: 1, minWidth: 200 }}>
          <Typography variant="h2">{me?.display_name}</Typography>
          <Typography sx={{ color: 'text.secondary' }}>{me?.email}</Typography>
          {me && <Chip size="small" label={translate(`role.${me.role}`)} sx={{ mt: 1 }} />}
        </Box>
        <Button variant="outlined" onClick={() => setAsked('profile')}>
          {translate('account.profile')}
        </Button>
        <Button variant="outlined" onClick={() => setAsked('password')}>
          {translate('account.password')}
        </Button>
      </Paper>
      <SecondFactorSection />
      <Box sx={{ display: 'flex', alignItems: 'center', mb: 1.5 }}>
        <Typography variant="h2" sx={{ flex: 1 }}>
          {translate('nav.sessions')}
        </Typography>
        <Button
          size="small"
          onClick={() =>
            void request('DELETE', '/v1/me/sessions').then(() => {
              session.forget();
              return logout();
            })
          }
        >
          {translate('account.end_all')}
        </Button>
      </Box>
      <Paper variant="outlined" component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {sessions.data?.map(({ id, current, agent, address, used_at }) => (
          <Box component="li" key={id} sx={{ p: 2, borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 }, display: 'flex', gap: 2, alignItems: 'center' }}>
            <Box sx={{ flex: 1, minWidth: 0 }}>
              <Typography noWrap>{agent ?? translate('account.unknown_device')}</Typography>
              <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                {address ?? ''} · {translate('account.used', { date: dates.short(used_at) })}
              </Typography>
            </Box>
            {current ? (
              <Chip size="small" label={translate('account.current')} />
            ) : (
              <Button
                size="small"
                aria-label={`${translate('account.end')}: ${agent ?? id}`}
                onClick={() =>
                  void run(async () => {
                    await request('DELETE', `/v1/me/sessions/${id}`);
                    await client.invalidateQueries({ queryKey: ['sessions'] });
                  })
                }
              >
                {translate('account.end')}
              </Button>
            )}
          </Box>
        ))}
      </Paper>
      {asked === 'profile' && (
        <FormDialog
          title={translate('account.profile')}
          submit={translate('ra.action.save')}
          fields={[
            { name: 'display_name', label: translate('pages.name'), required: true, initial: me?.display_name },
            { name: 'bio', label: translate('bylines.bio'), type: 'multiline', initial: me?.bio ?? '' },
          ]}
          onSubmit={async ({ display_name, bio }) => {
            const { etag: ifMatch } = await request('GET', '/v1/me');
            await request('PATCH', '/v1/me', { ifMatch: ifMatch || undefined, body: { display_name, bio: bio || null } });
            forgetUser();
            await client.invalidateQueries({ queryKey: ['me'] });
            setAsked(null);
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'password' && (
        <FormDialog
          title={translate('account.password')}
          text={translate('account.password_text')}
          submit={translate('account.password')}
          fields={[
            { name: 'current_password', label: translate('account.current_password'), type: 'password', required: true },
            { name: 'new_password', label: translate('account.new_password'), type: 'password', required: true },
          ]}
          onSubmit={async ({ current_password, new_password }) => {
            await post('/v1/me/password', { current_password, new_password });
            await client.invalidateQueries({ queryKey: ['sessions'] });
            setAsked(null);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </PageBody>
  );
}
