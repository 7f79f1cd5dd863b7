/** Lines in, lines out, over a Unix socket that only its owner may open. */
import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { linesOf } from './lines.ts';

/** Bytes of a line: a whole stick of statements in JSON fits, a broken client does not. */
export const LONGEST_LINE = 64 * 1024 * 1024;

/** Bytes of a socket's path without its final zero: `sun_path` of unix(7) has 108, of the BSDs 104. */
export const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;
export const isTooLong = (path: string): boolean => Buffer.byteLength(path) > LONGEST_PATH;

export interface LineSocket {
  /** Removes the socket, lets the answers under way arrive and hangs up. */
  close(): Promise<void>;
}

/**
 * Answers every line of any number of clients with one line, the lines of one client one after the other. `answer`
 * never throws. Rejects with the system's error, for example EADDRINUSE, when there can be no socket at `path`.
 */
export async function answerLines(path: string, answer: (line: string) => Promise<string>): Promise<LineSocket> {
  const clients = new Set<Socket>();
  const underWay = new Set<Promise<void>>();

  const converse = async (client: Socket): Promise<void> => {
    for await (const line of linesOf(client, LONGEST_LINE)) {
      const answered = answer(line).then((text) => void client.write(`${text}\n`));
      underWay.add(answered);
      await answered.finally(() => underWay.delete(answered));
    }
    client.end();
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => clients.delete(client));
    converse(client).catch(() => client.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  // A connection that fails on its way in, for example for want of file handles, ends no service.
  server.on('error', () => undefined);
  chmodSync(path, 0o600);
  return {
    async close() {
      // Removes the path at once: whoever comes now finds nobody.
      server.close();
      await Promise.all(underWay);
      for (const client of clients) {
        client.destroySoon();
        client.unref();
      }
    },
  };
}
