import { defineConfig } from 'vite';

/** Fonts stay files of their own: the content security policy allows no `data:` address. */
export default defineConfig({
  base: '/',
  publicDir: false,
  build: {
    outDir: 'build',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    license: { fileName: 'licences.md' },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
