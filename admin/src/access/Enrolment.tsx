import { Alert, Box, Button, Link, Stack, TextField, Typography } from '@mui/material';
import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { post } from '../api/client';
import { ApiError } from '../api/problem';
import type { PendingSecondFactor, RecoveryCodeList } from '../api/types';
import { type Explain, useSubmission } from '../layout/useSubmission';
import { MONO } from '../theme';

interface Props {
  /** Receives the recovery codes, which exist from now on. */
  onEnrolled: (codes: string[]) => void;
  onCancel?: () => void;
}

/** Sets up an authenticator app: the password, the QR code, and a first code of the app. */
export function Enrolment({ onEnrolled, onCancel }: Props) {
  const translate = useTranslate();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [pending, setPending] = useState<PendingSecondFactor | null>(null);
  const { problem, isBusy, submit } = useSubmission(explain);

  const next = async () => {
    try {
      if (pending) {
        const { recovery_codes } = await post<RecoveryCodeList>('/v1/me/second-factor/confirm', { code: code.replaceAll(/\s/g, '') });
        onEnrolled(recovery_codes);
      } else {
        setPending(await post<PendingSecondFactor>('/v1/me/second-factor', { current_password: password }));
      }
    } catch (error) {
      setCode('');
      if (error instanceof ApiError && error.status === 404) setPending(null);
      throw error;
    }
  };

  return (
    <Stack component="form" spacing={2} onSubmit={submit(next)} noValidate>
      {pending ? (
        <>
          <Scan pending={pending} />
          <TextField
            label={translate('signin.code')}
            autoComplete="one-time-code"
            autoFocus
            value={code}
            onChange={(event) => setCode(event.target.value)}
            helperText={translate('factor.step_code')}
            slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 9 } }}
          />
        </>
      ) : (
        <>
          <Typography sx={{ color: 'text.secondary' }}>{translate('factor.step_password')}</Typography>
          <TextField
            label={translate('account.current_password')}
            type="password"
            autoComplete="current-password"
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </>
      )}
      {problem && <Alert severity="error">{problem}</Alert>}
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', gap: 1 }}>
        {onCancel && <Button onClick={onCancel}>{translate('ra.action.cancel')}</Button>}
        <Button type="submit" variant="contained" disabled={isBusy || (pending ? code === '' : password === '')}>
          {translate(pending ? 'factor.confirm' : 'factor.next')}
        </Button>
      </Box>
    </Stack>
  );
}

function Scan({ pending: { secret, uri } }: { pending: PendingSecondFactor }) {
  const translate = useTranslate();
  return (
    <>
      <Typography sx={{ color: 'text.secondary' }}>{translate('factor.step_scan')}</Typography>
      {/* White in both themes: cameras need dark modules on a light ground. */}
      <Box sx={{ alignSelf: 'center', bgcolor: '#fff', p: 1.5, borderRadius: 2, border: 1, borderColor: 'divider', lineHeight: 0 }}>
        <QRCodeSVG value={uri} size={200} level="L" title={translate('factor.qr')} />
      </Box>
      <Box>
        <Typography variant="caption" component="p" id="factor-secret" sx={{ color: 'text.secondary' }}>
          {translate('factor.secret')}
        </Typography>
        <Typography component="output" aria-labelledby="factor-secret" sx={{ display: 'block', fontFamily: MONO, overflowWrap: 'anywhere', userSelect: 'all' }}>
          {secret.match(/.{1,4}/g)?.join(' ')}
        </Typography>
        <Link href={uri} variant="body2" sx={{ display: 'inline-block', mt: 0.5 }}>
          {translate('factor.open_app')}
        </Link>
      </Box>
    </>
  );
}

const explain: Explain = ({ code, status }, translate) => {
  if (code === 'bad_credentials') return translate('factor.wrong_password');
  if (code === 'bad_code') return translate('signin.wrong_code');
  if (status === 404) return translate('factor.expired');
  return status === 422 ? translate('factor.code_form') : undefined;
};
