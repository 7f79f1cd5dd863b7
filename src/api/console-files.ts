import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { Api } from './server.ts';

/** Where `npm run build:console` puts the page. */
const BUILD = fileURLToPath(new URL('../console/build/', import.meta.url));

/** Serves the web console at the root, where it has been built. */
export async function serveConsole(app: Api): Promise<void> {
  if (!existsSync(BUILD)) return;
  await app.register(files, {
    root: BUILD,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Built files carry their hash in the name; the page itself is always asked for anew.
      reply.header('cache-control', path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable');
    },
  });
}
