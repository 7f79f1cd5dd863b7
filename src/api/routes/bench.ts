import { z } from 'zod';
import type { Routing } from '../server.ts';

/** What the Bench page can do to a simulated office: handed in by `demo`, absent everywhere else. */
export interface Bench {
  state(): unknown;
  /** @throws Refusal where the hand cannot do that now */
  printer(id: string, act: Readonly<Record<string, unknown>>): unknown;
  centre(act: Readonly<Record<string, unknown>>): unknown;
  /** PNG of the data page as it is really inked, `null` where there is no booklet yet. */
  picture(id: string): Uint8Array | null;
  /** What the simulated reader reads from the ink. */
  mrz(id: string): Promise<readonly [string, string] | null>;
}

const id = z.object({ id: z.string().max(64) });
const act = z.looseObject({ do: z.string().max(64) });

export function benchRoutes({ app, station }: Routing, bench: Bench): void {
  const hidden = { hide: true } as const;
  const looking = { act: 'signed-in', activity: false } as const;
  const acting = { act: 'signed-in' } as const;
  app.get('/bench', { config: looking, schema: hidden }, () => bench.state());
  app.post('/bench/printers/:id', { config: acting, schema: { ...hidden, params: id, body: act } }, (request) => {
    return bench.printer(station.printer(request.params.id).id, request.body) ?? {};
  });
  app.post('/bench/centre', { config: acting, schema: { ...hidden, body: act } }, (request) => {
    return bench.centre(request.body) ?? {};
  });
  app.get(
    '/bench/printers/:id/picture.png',
    { config: looking, schema: { ...hidden, params: id } },
    (request, reply) => {
      const picture = bench.picture(station.printer(request.params.id).id);
      return picture === null ? reply.callNotFound() : reply.type('image/png').send(Buffer.from(picture));
    },
  );
  app.get('/bench/printers/:id/mrz', { config: acting, schema: { ...hidden, params: id } }, async (request) => {
    return { lines: await bench.mrz(station.printer(request.params.id).id) };
  });
}
