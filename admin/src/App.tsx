import { lazy } from 'react';
import { Admin, CustomRoutes, Resource } from 'react-admin';
import { Navigate, Route } from 'react-router-dom';

import { i18nProvider } from './i18n';
import { AppLayout } from './layout/AppLayout';
import { SignInPage } from './layout/SignInPage';
import { PostList } from './posts/PostList';
import { authProvider } from './providers/authProvider';
import { dataProvider } from './providers/dataProvider';
import { darkTheme, lightTheme } from './theme';

const EditorPage = lazy(() => import('./editor/EditorPage'));

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
      requireAuth
      disableTelemetry
    >
      <Resource name="posts" list={PostList} create={EditorPage} edit={EditorPage} />
      <CustomRoutes>
        <Route path="/" element={<Navigate to="/posts" replace />} />
      </CustomRoutes>
    </Admin>
  );
}
