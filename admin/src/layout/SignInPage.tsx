import { Alert, Box, Paper, Typography } from '@mui/material';
import { useEffect, useState } from 'react';
import { useLocaleState, useLogin, useTranslate } from 'react-admin';
import { useLocation, useNavigate } from 'react-router-dom';

import { session } from '../api/session';
import { forgetUser } from '../providers/authProvider';
import { Brand } from './Brand';
import { IssuerButtons } from './IssuerButtons';
import { SignInForm } from './SignInForm';

export function SignInPage() {
  const translate = useTranslate();
  const login = useLogin();
  const [locale] = useLocaleState();
  const { answer, returnTo } = useIssuerAnswer();
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  if (answer.isSignedIn) return null;
  return (
    <Box
      component="main"
      sx={{ minHeight: '100vh', display: 'grid', placeItems: 'center', bgcolor: 'background.default', px: 2, py: 4 }}
    >
      <Box sx={{ width: '100%', maxWidth: 380 }}>
        <Box sx={{ display: 'flex', justifyContent: 'center', mb: 1 }}>
          <Brand size={38} />
        </Box>
        <Typography sx={{ textAlign: 'center', color: 'text.secondary', mb: 3 }}>{translate('app.tagline')}</Typography>
        <Paper variant="outlined" sx={{ p: 3, borderRadius: 3 }}>
          <Typography variant="h2" component="h1" sx={{ mb: 2.5 }}>
            {translate('signin.title')}
          </Typography>
          {answer.problem && (
            <Alert severity="error" sx={{ mb: 2.5 }}>
              {translate(`signin.problem_${answer.problem}`, { _: translate('signin.problem_failed') })}
            </Alert>
          )}
          {!answer.challenge && <IssuerButtons returnTo={returnTo} />}
          <SignInForm
            challenge={answer.challenge}
            onSubmit={async (credentials) => {
              await login(credentials, returnTo);
            }}
          />
        </Paper>
      </Box>
    </Box>
  );
}

/** Where users continue after they have signed in: where they were, or where they were going. */
interface Place {
  nextPathname?: string;
  nextSearch?: string;
}

/** Reads how a sign-in through an issuer ended, and removes it from the address. */
function useIssuerAnswer() {
  const navigate = useNavigate();
  const location = useLocation();
  const { search } = location;
  const [answer] = useState(() => {
    const parameters = new URLSearchParams(search);
    return {
      isSignedIn: parameters.has('signed_in'),
      challenge: parameters.get('challenge') ?? undefined,
      problem: parameters.get('problem'),
      returnTo: parameters.get('return_to'),
    };
  });
  const { nextPathname = '/', nextSearch = '' } = (location.state ?? {}) as Place;
  const returnTo = answer.returnTo ?? nextPathname + nextSearch;
  useEffect(() => {
    if (answer.isSignedIn) {
      forgetUser();
      session.begin();
      void navigate(returnTo, { replace: true });
    } else if (search) {
      void navigate('/login', { replace: true, state: { nextPathname: returnTo } satisfies Place });
    }
  }, [answer, navigate, returnTo, search]);
  return { answer, returnTo };
}
