import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './App';
import { NONCE } from './nonce';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root element.');

createRoot(root).render(
  <StrictMode>
    <CacheProvider value={createCache({ key: 'css', nonce: NONCE })}>
      <App />
    </CacheProvider>
  </StrictMode>,
);
