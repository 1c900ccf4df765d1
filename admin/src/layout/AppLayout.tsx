import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { Layout, useLocaleState } from 'react-admin';

import { useMe } from '../providers/useMe';
import { AppMenu } from './AppMenu';
import { Header } from './Header';
import { SignInAgain } from './SignInAgain';

const SecondFactorDue = lazy(() => import('../access/SecondFactorDue'));

export function AppLayout({ children }: { children?: ReactNode }) {
  const [locale] = useLocaleState();
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const { isDue } = useMe();
  return (
    <Layout appBar={Header} menu={AppMenu} sidebar={isDue ? NoSidebar : undefined}>
      {isDue ? (
        <Suspense fallback={null}>
          <SecondFactorDue />
        </Suspense>
      ) : (
        children
      )}
      <SignInAgain />
    </Layout>
  );
}

/** Every other request is rejected until the second factor is set up. */
function NoSidebar() {
  return null;
}
