import { Alert, Button, Stack, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { ApiError } from '../api/problem';
import { CodeNeeded, type Credentials } from '../api/session';
import { type Explain, useSubmission } from './useSubmission';

interface Props {
  email?: string;
  /** The first step was done elsewhere. */
  challenge?: string;
  submitLabel?: string;
  onSubmit: (credentials: Credentials) => Promise<void>;
}

/** E-mail address and password, then the code of users with a second factor. Errors are shown above the button and read aloud. */
export function SignInForm({ email: known = '', challenge: begun = '', submitLabel, onSubmit }: Props) {
  const translate = useTranslate();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [challenge, setChallenge] = useState(begun);
  const [code, setCode] = useState('');
  const { problem, isBusy, submit } = useSubmission(explain);

  const signIn = async () => {
    try {
      await onSubmit(challenge ? { challenge, code } : { email, password });
    } catch (error) {
      if (error instanceof CodeNeeded) {
        setChallenge(error.challenge);
        return;
      }
      setCode('');
      // The challenge has expired: the password is needed again.
      if (error instanceof ApiError && error.code === 'invalid_token') setChallenge('');
      throw error;
    }
  };

  return (
    <Stack component="form" spacing={2} onSubmit={submit(signIn)}>
      {challenge ? (
        <TextField
          label={translate('signin.code')}
          helperText={translate('signin.code_help')}
          autoComplete="one-time-code"
          required
          autoFocus
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      ) : (
        <>
          <TextField
            label={translate('signin.email')}
            type="email"
            autoComplete="username"
            required
            autoFocus={!known}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <TextField
            label={translate('signin.password')}
            type="password"
            autoComplete="current-password"
            required
            autoFocus={Boolean(known)}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </>
      )}
      {problem && <Alert severity="error">{problem}</Alert>}
      <Button type="submit" variant="contained" size="large" disabled={isBusy}>
        {submitLabel ?? translate('signin.submit')}
      </Button>
    </Stack>
  );
}

const explain: Explain = ({ code, status }, translate) => {
  if (code === 'bad_code' || status === 422) return translate('signin.wrong_code');
  if (code === 'invalid_token') return translate('signin.too_late');
  return status === 401 ? translate('signin.wrong') : undefined;
};
