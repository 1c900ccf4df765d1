import { Alert, Box, Button, Paper, Stack, TextField, Typography } from '@mui/material';
import { useState, type SyntheticEvent } from 'react';
import { useTranslate } from 'react-admin';
import { Link, useSearchParams } from 'react-router-dom';

import { ApiError } from '../api/problem';
import { call } from '../api/session';
import { Brand } from '../layout/Brand';

/** Sets a password with the token of an invitation or of a reset. */
export default function WelcomePage({ kind }: { kind: 'welcome' | 'reset' }) {
  const translate = useTranslate();
  const [parameters] = useSearchParams();
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Error | null>(null);
  const [isDone, setDone] = useState(false);
  const errors = problem instanceof ApiError ? problem.body.errors : {};
  const hint = typeof errors.password === 'string' ? errors.password : undefined;

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const path = kind === 'welcome' ? '/v1/auth/invitations/accept' : '/v1/auth/password-resets/complete';
    try {
      await call(path, { token: parameters.get('token') ?? '', password });
      setDone(true);
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };

  return (
    <Box component="main" sx={{ minHeight: '100vh', display: 'grid', placeItems: 'center', bgcolor: 'background.default', p: 2 }}>
      <Box sx={{ width: '100%', maxWidth: 400 }}>
        <Box sx={{ display: 'flex', justifyContent: 'center', mb: 3 }}>
          <Brand size={38} />
        </Box>
        <Paper variant="outlined" sx={{ p: 3, borderRadius: 3 }}>
          <Typography variant="h2" component="h1" sx={{ mb: 1 }}>
            {translate(`welcome.title_${kind}`)}
          </Typography>
          {isDone ? (
            <>
              <Typography sx={{ mb: 2 }}>{translate('welcome.done')}</Typography>
              <Button variant="contained" component={Link} to="/login">
                {translate('signin.submit')}
              </Button>
            </>
          ) : (
            <Stack component="form" spacing={2} onSubmit={(event) => void submit(event)}>
              <Typography sx={{ color: 'text.secondary' }}>{translate('welcome.text')}</Typography>
              <TextField
                type="password"
                label={translate('account.new_password')}
                autoComplete="new-password"
                autoFocus
                required
                value={password}
                onChange={(event) => setPassword(event.target.value)}
                error={hint !== undefined}
                helperText={hint}
              />
              {problem && !hint && <Alert severity="error">{problem.message}</Alert>}
              <Button type="submit" variant="contained" size="large">
                {translate('welcome.submit')}
              </Button>
            </Stack>
          )}
        </Paper>
      </Box>
    </Box>
  );
}
