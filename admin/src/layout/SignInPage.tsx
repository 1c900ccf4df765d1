import { Box, Paper, Typography } from '@mui/material';
import { useEffect } from 'react';
import { useLocaleState, useLogin, useTranslate } from 'react-admin';

import { Brand } from './Brand';
import { SignInForm } from './SignInForm';

export function SignInPage() {
  const translate = useTranslate();
  const login = useLogin();
  const [locale] = useLocaleState();
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
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
          <SignInForm
            onSubmit={async (credentials) => {
              await login(credentials);
            }}
          />
        </Paper>
      </Box>
    </Box>
  );
}
