import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig(({ command }) => ({
  // Relative paths also work below the path of a proxy.
  base: command === 'build' ? './' : '/',
  plugins: [react()],
  // The server replaces this text by the nonce of the response.
  html: { cspNonce: command === 'build' ? 'TINTERO_NONCE' : undefined },
  build: {
    // `scripts/clean.js` keeps `dist/.gitignore`: the server needs the folder.
    emptyOutDir: false,
    // The policy of the page allows no `data:` fonts or scripts.
    assetsInlineLimit: 0,
    target: 'es2022',
    manifest: '.vite/manifest.json',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/media', '/problems'].map((path) => [path, process.env.TINTERO_URL ?? 'http://127.0.0.1:8080']),
    ),
  },
}));
