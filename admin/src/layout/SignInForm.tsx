import { Alert, Button, Stack, TextField } from '@mui/material';
import { useState, type SyntheticEvent } from 'react';
import { useTranslate } from 'react-admin';

import { ApiError } from '../api/problem';

interface Props {
  email?: string;
  onSubmit: (email: string, password: string) => Promise<void>;
}

/** E-mail address and password. Errors are shown above the button and read aloud. */
export function SignInForm({ email: known = '', onSubmit }: Props) {
  const translate = useTranslate();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await onSubmit(email, password);
    } catch (error) {
      setProblem(message(error, translate));
      setBusy(false);
    }
  };

  return (
    <Stack component="form" spacing={2} onSubmit={(event) => void submit(event)}>
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
      {problem && <Alert severity="error">{problem}</Alert>}
      <Button type="submit" variant="contained" size="large" disabled={isBusy}>
        {translate('signin.submit')}
      </Button>
    </Stack>
  );
}

function message(error: unknown, translate: (key: string, options?: object) => string): string {
  if (error instanceof ApiError && error.status === 401) return translate('signin.wrong');
  if (error instanceof ApiError && error.status === 429) {
    return translate('signin.wait', { seconds: error.retryAfter ?? 60 });
  }
  return error instanceof Error ? error.message : String(error);
}
