import { Button, Divider, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';

import { get, queryString } from '../api/client';
import type { SignInIssuer } from '../api/types';

/** Buttons for the issuers that sign in users, above the form for passwords. The browser leaves the dashboard and comes back.
 * For a change of access, the person signs in at the issuer again. */
export function IssuerButtons({ returnTo, isFresh = false }: { returnTo: string; isFresh?: boolean }) {
  const translate = useTranslate();
  const { data } = useQuery({
    queryKey: ['issuers'],
    queryFn: async () => (await get<{ items: SignInIssuer[] }>('/v1/auth/issuers')).items,
    staleTime: Infinity,
  });
  if (!data || data.length === 0) return null;
  return (
    <Stack spacing={1.5} sx={{ mb: 2.5 }}>
      {data.map(({ id, name, start }) => (
        <Button key={id} variant="outlined" size="large" href={start + queryString({ return_to: returnTo, fresh: isFresh ? 'true' : undefined })}>
          {translate('signin.with', { name })}
        </Button>
      ))}
      <Divider sx={{ color: 'text.secondary', fontSize: '0.8125rem', pt: 0.5 }}>{translate('signin.or')}</Divider>
    </Stack>
  );
}
