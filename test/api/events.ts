import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VirtualTime } from '../../mocks/index.ts';
import { createApi } from '../../src/api/server.ts';
import { disablePerson } from '../../src/station/acts/people.ts';
import { perform } from '../../src/station/core.ts';
import type { Change } from '../../src/station/station.ts';
import { expectStatus, LISTEN, type Name, openRig, pinOf, problemIn, type Rig } from './rig.ts';

interface LiveEvent {
  readonly id: number | null;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader of the stream over a real socket; time stays the office's own. */
class Stream {
  readonly events: LiveEvent[] = [];
  readonly head: { readonly status: number; readonly headers: Headers };
  over = false;
  readonly ended: Promise<void>;
  #text = '';
  readonly #abort: AbortController;

  constructor(response: Response, abort: AbortController) {
    this.head = { status: response.status, headers: response.headers };
    this.#abort = abort;
    this.ended = this.#read(response);
  }

  async #read(response: Response): Promise<void> {
    try {
      for await (const bytes of response.body ?? []) this.#take(Buffer.from(bytes).toString());
    } catch {
      // Cut off, by either side.
    }
    this.over = true;
  }

  #take(text: string): void {
    const blocks = (this.#text + text).split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) {
      const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const event = line('event');
      const id = line('id');
      if (event !== undefined)
        this.events.push({ id: id === undefined ? null : Number(id), event, data: JSON.parse(line('data') ?? '') });
    }
  }

  close(): void {
    this.#abort.abort();
  }
}

let rig: Rig;
let address: string;
const open: Stream[] = [];

async function reads(name: Name | null, headers: Record<string, string> = {}): Promise<Stream> {
  const abort = new AbortController();
  const authorization: Record<string, string> =
    name === null ? {} : { authorization: `Bearer ${await rig.token(name)}` };
  const stream = new Stream(
    await fetch(`${address}/api/v1/events`, { headers: { ...authorization, ...headers }, signal: abort.signal }),
    abort,
  );
  open.push(stream);
  return stream;
}

/** Lets the office's time pass and the sockets carry what there is. */
async function hears(stream: Stream, what: (event: LiveEvent) => boolean): Promise<LiveEvent> {
  for (let n = 0; n < 400; n++) {
    const heard = stream.events.find(what);
    if (heard !== undefined) return heard;
    await rig.office.pass(5);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`not heard; of ${stream.events.map(({ event }) => event).join(', ')}`);
}
async function ends(stream: Stream): Promise<void> {
  for (let n = 0; n < 2000 && !stream.over; n++) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(stream.over).toBe(true);
}
const kindsOf = ({ events }: Stream) => events.map(({ event }) => event);

export function liveEventsCases(): void {
  beforeAll(async () => {
    rig = await openRig();
    address = await rig.listening();
  });

  afterEach(() => {
    for (const stream of open.splice(0)) stream.close();
    expect(rig.faults).toEqual([]);
  });

  afterAll(() => rig.close());

  describe('a stream', () => {
    test('begins with snapshots of everything live', async () => {
      expectStatus(await rig.as('otto').post('/booklets/U0000001/spoil', { reason: 'torn' }), 202);
      const stream = await reads('otto');
      expect(stream.head.status).toBe(200);
      expect(stream.head.headers.get('content-type')).toBe('text/event-stream');
      expect(stream.head.headers.get('cache-control')).toBe('no-store');
      expect(stream.head.headers.get('x-content-type-options')).toBe('nosniff');
      await hears(stream, ({ event }) => event === 'booklets');
      expect(kindsOf(stream)).toEqual(['printer', 'sign-off', 'central', 'booklets']);
      const [printer, signOff, central, booklets] = stream.events.map(({ data }) => data);
      expect(printer).toEqual((await rig.as('otto').get('/printers/counter-1')).body);
      expect((await rig.as('otto').get<{ items: unknown[] }>('/sign-offs')).body.items).toEqual([signOff]);
      expect(central).toEqual((await rig.as('otto').get('/central')).body);
      expect(booklets).toMatchObject({ counts: { 'in-stock': 9 } });
    });

    test('goes on with a full snapshot at each change, under growing ids', async () => {
      const stream = await reads('otto');
      await hears(stream, ({ event }) => event === 'booklets');
      const job = await rig.submitted(0);
      const first = await hears(stream, ({ event, data }) => event === 'job' && data.id === job.id);
      expect(first.data).toEqual(job);
      expectStatus(await rig.as('sinta').post(`/jobs/${job.id}/hold`, { reason: 'a paper is missing' }), 200);
      await hears(stream, ({ event, data }) => event === 'job' && data.state === 'held');
      expectStatus(await rig.as('otto').post('/printers/counter-1/pause'), 202);
      await hears(stream, ({ event, data }) => event === 'printer' && data.paused === true);
      expectStatus(await rig.as('otto').post('/printers/counter-1/resume'), 202);
      await hears(stream, ({ event, data }) => event === 'printer' && data.paused === false);
      const { items } = (await rig.as('otto').get<{ items: { id: string }[] }>('/sign-offs')).body;
      expectStatus(await rig.as('otto').delete(`/sign-offs/${items[0]?.id}`), 204);
      await hears(
        stream,
        ({ event, data }) => event === 'sign-off' && data.id === items[0]?.id && data.closed === true,
      );
      const ids = stream.events.flatMap(({ id }) => (id === null ? [] : [id]));
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      expect(new Set(ids).size).toBe(ids.length);
    });

    test('tells many changes of one thing as one', async () => {
      const stream = await reads('otto');
      await hears(stream, ({ event }) => event === 'booklets');
      const job = await rig.submitted(1);
      for (const reason of ['one', 'two', 'three'])
        expectStatus(await rig.as('otto').post(`/jobs/${job.id}/priority`, { priority: 'urgent', reason }), 200);
      await hears(stream, ({ event, data }) => event === 'job' && data.id === job.id);
      expect(stream.events.filter(({ event }) => event === 'job')).toHaveLength(1);
    });

    test('beats every 15 s, with the station’s time', async () => {
      const stream = await reads('otto');
      await hears(stream, ({ event }) => event === 'booklets');
      await rig.office.pass(14_000);
      expect(kindsOf(stream)).not.toContain('heartbeat');
      await rig.office.pass(1_100);
      const beat = await hears(stream, ({ event }) => event === 'heartbeat');
      expect(beat.id).toBeNull();
      expect(Date.parse(String(beat.data.now))).toBeGreaterThan(Date.UTC(2026, 10, 22, 2));
    });

    test('taken up again with a Last-Event-ID, of this life or another, begins with fresh snapshots', async () => {
      for (const id of ['1', '999999', 'x', '']) {
        const stream = await reads('otto', { 'last-event-id': id });
        await hears(stream, ({ event }) => event === 'booklets');
        expect(new Set(kindsOf(stream))).toEqual(new Set(['printer', 'central', 'booklets']));
        stream.close();
      }
    });

    test('tells each only of what that person may ask about', async () => {
      const [technician, auditor] = [await reads('tina'), await reads('agus')];
      await hears(auditor, ({ event }) => event === 'booklets');
      expect(kindsOf(technician)).toEqual(['printer', 'central']);
      const job = await rig.submitted(2);
      expectStatus(await rig.as('otto').post('/booklets/U0000001/spoil', { reason: 'torn' }), 202);
      await hears(auditor, ({ event, data }) => event === 'job' && data.id === job.id);
      await rig.office.pass(1_000);
      await hears(technician, ({ event, id }) => event === 'central' && (id ?? 0) > 5);
      expect(new Set(kindsOf(technician))).toEqual(new Set(['printer', 'central']));
      expect(kindsOf(auditor)).not.toContain('sign-off');
    });
  });

  describe('a stream ends', () => {
    test('never began for who is not signed in', async () => {
      expect((await reads(null)).head.status).toBe(401);
    });

    test('with the sign-out of its session, at once; other sessions’ go on', async () => {
      const token = await rig.signIn('qadir');
      const mine = await reads(null, { authorization: `Bearer ${token}` });
      const other = await reads('qadir');
      await hears(mine, ({ event }) => event === 'central');
      await rig.anybody.delete('/session', { authorization: `Bearer ${token}` });
      await ends(mine);
      expect(other.over).toBe(false);
    });

    test('when its session has idled out, though the stream itself was busy', async () => {
      const stream = await reads(null, { authorization: `Bearer ${await rig.signIn('qadir')}` });
      await hears(stream, ({ event }) => event === 'central');
      await rig.office.pass(5 * 60_000 - 1_000);
      expect(stream.over).toBe(false);
      await rig.office.pass(16_000);
      await ends(stream);
    });

    test('when its person is disabled, before anything more is told', async () => {
      const stream = await reads('tono');
      await hears(stream, ({ event }) => event === 'central');
      const heard = stream.events.length;
      perform(rig.office.station.core, { kind: 'local', name: 'test' }, 'disable', disablePerson('tono'));
      expectStatus(await rig.as('otto').post('/printers/counter-1/pause'), 202);
      await rig.office.pass(100);
      await ends(stream);
      expect(stream.events).toHaveLength(heard);
      expectStatus(await rig.as('otto').post('/printers/counter-1/resume'), 202);
    });

    test('where its reader leaves a megabyte untaken: it must not cost the station its memory', async () => {
      let changed: (change: Change) => void = () => undefined;
      const onChange = (listener: typeof changed) => {
        changed = listener;
        return () => undefined;
      };
      const app = await createApi({ station: { ...rig.office.station, onChange }, version: '1', listen: LISTEN });
      const { host, port, hostname } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
      const session = await fetch(`http://${host}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'otto', pin: pinOf('otto') }),
      });
      const { token } = (await session.json()) as { token: string };
      const socket = connect(Number(port), hostname);
      let closed = false;
      socket.on('close', () => {
        closed = true;
      });
      socket.on('error', () => undefined);
      socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      const begun = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
      socket.pause();
      expect(begun.toString()).toMatch(/^HTTP\/1.1 200 /);
      // Faster than any line carries it away, as where nobody takes it.
      for (let told = 0; told < 3000; told++) {
        changed({ kind: 'printer', id: 'counter-1' });
        (rig.office.time as VirtualTime).advance(40);
      }
      socket.resume();
      for (let n = 0; n < 2000 && !closed; n++) await new Promise((resolve) => setTimeout(resolve, 1));
      expect(closed).toBe(true);
      await app.close();
    });

    test('promptly when the service ends, and the service does not wait for it', async () => {
      const stream = await reads('otto');
      await hears(stream, ({ event }) => event === 'booklets');
      // As the service does: first the station with its journal, then the API.
      await rig.office.stop();
      await rig.app.close();
      await ends(stream);
      await rig.restart('already over');
      expect(problemIn(await rig.anybody.get('/session')).code).toBe('PST-603');
    });
  });
}
