import { defineConfig } from 'vite';

/** The page must run under a strict content security policy: nothing inline, nothing from elsewhere, no code made of text. */
export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses, so that the page works under any path.
  base: './',
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
