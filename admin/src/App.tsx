import { lazy, Suspense } from 'react';
import { Admin, CustomRoutes, Resource } from 'react-admin';
import { Route } from 'react-router-dom';

import { i18nProvider } from './i18n';
import { AppLayout } from './layout/AppLayout';
import { SignInPage } from './layout/SignInPage';
import HomePage from './pages/HomePage';
import { PostList } from './posts/PostList';
import { authProvider } from './providers/authProvider';
import { dataProvider } from './providers/dataProvider';
import { darkTheme, lightTheme } from './theme';

const EditorPage = lazy(() => import('./editor/EditorPage'));
const ImagesPage = lazy(() => import('./pages/ImagesPage'));
const CategoriesPage = lazy(() => import('./pages/CategoriesPage'));
const TagsPage = lazy(() => import('./pages/TagsPage'));
const BylinesPage = lazy(() => import('./pages/BylinesPage'));
const RedirectsPage = lazy(() => import('./pages/RedirectsPage'));
const UsersPage = lazy(() => import('./pages/UsersPage'));
const KeysPage = lazy(() => import('./pages/KeysPage'));
const AccountPage = lazy(() => import('./pages/AccountPage'));
const WelcomePage = lazy(() => import('./pages/WelcomePage'));
const AuditPage = lazy(async () => ({ default: (await import('./pages/LogPages')).AuditPage }));
const OperationsPage = lazy(async () => ({ default: (await import('./pages/LogPages')).OperationsPage }));

/** Outside the layout, which waits for pages that load. */
function Welcome({ kind }: { kind: 'welcome' | 'reset' }) {
  return (
    <Suspense fallback={null}>
      <WelcomePage kind={kind} />
    </Suspense>
  );
}

export function App() {
  return (
    <Admin
      title="Tintero"
      dataProvider={dataProvider}
      authProvider={authProvider}
      i18nProvider={i18nProvider}
      lightTheme={lightTheme}
      darkTheme={darkTheme}
      layout={AppLayout}
      loginPage={SignInPage}
      dashboard={HomePage}
      requireAuth
      disableTelemetry
    >
      <Resource name="posts" list={PostList} create={EditorPage} edit={EditorPage} />
      <Resource name="images" list={ImagesPage} />
      <Resource name="categories" list={CategoriesPage} />
      <Resource name="tags" list={TagsPage} />
      <Resource name="bylines" list={BylinesPage} />
      <Resource name="redirects" list={RedirectsPage} />
      <Resource name="users" list={UsersPage} />
      <Resource name="api-keys" list={KeysPage} />
      <Resource name="audit" list={AuditPage} />
      <Resource name="operations" list={OperationsPage} />
      <CustomRoutes>
        <Route path="/account" element={<AccountPage />} />
      </CustomRoutes>
      <CustomRoutes noLayout>
        <Route path="/welcome" element={<Welcome kind="welcome" />} />
        <Route path="/reset" element={<Welcome kind="reset" />} />
      </CustomRoutes>
    </Admin>
  );
}
