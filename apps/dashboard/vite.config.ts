import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page must run under a strict content security policy: nothing inline, nothing from elsewhere, no code made of text. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
