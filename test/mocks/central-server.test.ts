import { afterEach, describe, expect, it } from 'vitest';
import {
  type CentreFault,
  CentreProtocol,
  type CentreServer,
  SimulatedCentre,
  serveCentre,
} from '../../mocks/central/index.ts';
import { createIdentity, publicIdentity, signHello, signReport } from '../../src/trust/identity.ts';
import { seeded } from '../trust/world.ts';

const identity = createIdentity('kng-01', 'KNG', Buffer.alloc(32, 42));
const open: CentreServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function running() {
  const clock = { now: () => performance.timeOrigin + performance.now() };
  const timers = {
    after(milliseconds: number, callback: () => void) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  };
  const centre = new SimulatedCentre({ world: { clock, timers, random: seeded(5) }, seed: Buffer.alloc(32, 8) });
  centre.enrol(publicIdentity(identity));
  const server = await serveCentre(new CentreProtocol(centre));
  open.push(server);
  const now = (): number => Math.floor(clock.now() / 1000);
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(server.url + path, {
      ...init,
      headers: { authorization: `Bearer ${signHello(identity, { jti: 'h', iat: now() })}`, connection: 'close' },
    });
  const fault = async (wrong: CentreFault): Promise<void> => {
    centre.faults.add(wrong);
    await server.refresh();
  };
  return { centre, server, ask, now, fault };
}

describe('the centre on a port', () => {
  it('serves the feed, takes reports, tells the time', async () => {
    const { ask, centre, now, server } = await running();
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    const feed = await (await ask('/v2/stations/kng-01/feed')).json();
    expect(feed.statements).toHaveLength(1);
    const report = signReport(identity, { jti: 'r-1', iat: now(), seq: 1, kind: 'stock', content: {} });
    const posted = await ask('/v2/stations/kng-01/reports', {
      method: 'POST',
      body: JSON.stringify({ reports: [report] }),
    });
    expect(await posted.json()).toEqual({ accepted: ['r-1'], refused: [] });
    expect((await ask('/v2/time?nonce=n')).status).toBe(200);
    expect((await ask('/v2/time')).status).toBe(400);
    expect((await ask('/v3')).status).toBe(404);
    expect((await fetch(`${server.url}/v2/time?nonce=n`)).status).toBe(401);
    const polled = ask(`/v2/stations/kng-01/feed?after=${feed.cursor}&wait=20`);
    setTimeout(() => centre.revoke({ booklet: 'X1' }), 30);
    expect((await (await polled).json()).statements).toHaveLength(1);
  });

  it('refuses connections while it is down, and is back under the same address', async () => {
    const { ask, centre, fault, server } = await running();
    await fault({ kind: 'down', how: 'refuse' });
    await expect(ask('/v2/health')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    centre.faults.clear();
    await server.refresh();
    expect((await ask('/v2/health')).status).toBe(200);
  });

  it('comes back by itself when the outage has an end', async () => {
    const { ask, fault } = await running();
    await fault({ kind: 'down', how: 'refuse', forMs: 100 });
    await expect(ask('/v2/health')).rejects.toThrow();
    await expect.poll(async () => (await ask('/v2/health').catch(() => null))?.status, { timeout: 5000 }).toBe(200);
  });

  it('tears the connection down, or cuts the answer', async () => {
    const { ask, centre, fault } = await running();
    await fault({ kind: 'down', how: 'reset' });
    await expect(ask('/v2/health')).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) },
    });
    centre.faults.clear();
    await fault({ kind: 'truncated' });
    await expect(ask('/v2/stations/kng-01/feed').then((answer) => answer.text())).rejects.toThrow();
  });

  it('trickles', async () => {
    const { ask, fault } = await running();
    await fault({ kind: 'throttled', bytesPerSecond: 100 });
    const start = performance.now();
    expect(await (await ask('/v2/health')).json()).toEqual({ status: 'ok' });
    expect(performance.now() - start).toBeGreaterThan(80);
  });

  it('sends more than any station takes', async () => {
    const { ask, fault } = await running();
    await fault({ kind: 'oversized' });
    expect((await (await ask('/v2/health')).text()).length).toBe(9 * 1024 * 1024);
  });
});
