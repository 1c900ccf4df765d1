import { Box } from '@mui/material';
import { useEffect, type ReactNode } from 'react';
import { Layout, useLocaleState } from 'react-admin';

import { AppMenu } from './AppMenu';
import { Header } from './Header';
import { SignInAgain } from './SignInAgain';

export function AppLayout({ children }: { children?: ReactNode }) {
  const [locale] = useLocaleState();
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return (
    <Layout appBar={Header} menu={AppMenu}>
      {children}
      <SignInAgain />
    </Layout>
  );
}

/** The content of a page: a readable width with even margins. */
export function PageBody({ children, width = 1160 }: { children: ReactNode; width?: number }) {
  return (
    <Box sx={{ width: '100%', maxWidth: width, mx: 'auto', px: { xs: 2, md: 4 }, py: { xs: 2.5, md: 4 } }}>{children}</Box>
  );
}
