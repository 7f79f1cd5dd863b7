import type { ServerResponse } from 'node:http';
import type { Act } from '../domain/people.ts';
import type { Change } from '../station/station.ts';
import { mayCall } from './access.ts';
import type { Routing } from './server.ts';
import type { SignedIn } from './sessions.ts';
import { eventStream } from './shapes.ts';
import { centralView, isOpen, jobView, printerView, signOffView, timeText } from './views.ts';

/** Milliseconds between heartbeats (station.md). */
const HEARTBEAT = 15_000;
/** Milliseconds in which several changes of one thing are told as one. */
const GATHER = 40;
/** Bytes that a reader may leave untaken: past them its stream ends, and it begins anew with fresh snapshots. */
const MOST_UNREAD = 1024 * 1024;

/** Who may hear of what: as who may ask for it (station.md, HTTP API). */
const HEARD_BY: Readonly<Record<Change['kind'], Act>> = {
  printer: 'printer.read',
  job: 'job.read',
  'sign-off': 'sign-off.sign',
  central: 'station.read',
  booklets: 'booklet.read',
};

interface Told {
  readonly kind: Change['kind'];
  readonly text: string;
}

/**
 * Server-sent events: one stream, each event a full snapshot of one thing. A stream begins with snapshots of everything
 * live, so that a reader who comes back has missed nothing, whatever `Last-Event-ID` it brings.
 */
export function liveEvents({ app, station, access, unexpected }: Routing): void {
  const { world, journal } = station.core;
  const readers = new Map<ServerResponse, SignedIn>();
  const pending = new Map<string, Change>();
  let id = 0;
  let stopGathering: (() => void) | null = null;

  const snapshot = (change: Change): { event: string; data: unknown } | null => {
    switch (change.kind) {
      case 'printer':
        return { event: 'printer', data: printerView(station, change.id) };
      case 'job': {
        const row = journal.job(change.id);
        return row === undefined ? null : { event: 'job', data: jobView(station, row) };
      }
      case 'sign-off': {
        const row = journal.signOff(change.id);
        const open = row !== undefined && isOpen(row, world.clock.now());
        return { event: 'sign-off', data: open ? signOffView(row) : { id: change.id, closed: true } };
      }
      case 'central':
        return { event: 'central', data: centralView(station) };
      case 'booklets':
        return { event: 'booklets', data: { counts: journal.bookletCounts() } };
    }
  };
  const told = (changes: Iterable<Change>): Told[] =>
    [...changes].flatMap((change) => {
      const seen = snapshot(change);
      if (seen === null) return [];
      id += 1;
      return [{ kind: change.kind, text: `id: ${id}\nevent: ${seen.event}\ndata: ${JSON.stringify(seen.data)}\n\n` }];
    });

  const end = (reader: ServerResponse): void => {
    readers.delete(reader);
    reader.end();
  };
  const endAll = (): void => {
    stopGathering?.();
    for (const reader of readers.keys()) end(reader);
  };
  const write = (reader: ServerResponse, text: string): void => {
    if (text === '') return;
    reader.write(text);
    if (reader.writableLength > MOST_UNREAD) reader.destroy();
  };
  const textFor = ({ roles }: SignedIn, events: readonly Told[]): string =>
    events
      .filter(({ kind }) => mayCall(roles, HEARD_BY[kind]))
      .map(({ text }) => text)
      .join('');
  const tell = (): void => {
    stopGathering = null;
    try {
      const events = told(pending.values());
      pending.clear();
      for (const [reader, session] of readers)
        if (access.goesOn(session)) write(reader, textFor(session, events));
        else end(reader);
    } catch (error) {
      // A stream that cannot tell how things stand ends: the reader asks anew.
      endAll();
      unexpected(error as Error, 'live events');
    }
  };

  // Behind this entry the journal is closed.
  journal.onCommitted((entries) => {
    if (entries.some(({ kind }) => kind === 'station-stopped')) endAll();
  });
  const stopListening = station.onChange((change) => {
    if (readers.size === 0) return;
    pending.set(JSON.stringify(change), change);
    stopGathering ??= world.timers.after(GATHER, tell);
  });
  access.sessions.onClosed((token) => {
    for (const [reader, session] of readers) if (session.token === token) end(reader);
  });

  app.get(
    '/events',
    {
      config: { act: 'signed-in', activity: false },
      exposeHeadRoute: false,
      schema: { response: { 200: eventStream } },
    },
    (request, reply) => {
      const session = access.session(request);
      const open = journal.openSignOffs().filter((row) => isOpen(row, world.clock.now()));
      const everything: Change[] = [
        ...[...station.printers.keys()].map((printer) => ({ kind: 'printer', id: printer }) as const),
        ...open.map((row) => ({ kind: 'sign-off', id: row.id }) as const),
        { kind: 'central' },
        { kind: 'booklets' },
      ];
      const first = textFor(session, told(everything));
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
      });
      readers.set(raw, session);
      let cancel = () => {};
      const beat = () => {
        cancel = world.timers.after(HEARTBEAT, () => {
          if (!access.goesOn(session)) return end(raw);
          write(raw, `event: heartbeat\ndata: {"now":"${timeText(world.clock.now())}"}\n\n`);
          beat();
        });
      };
      beat();
      raw.on('close', () => {
        cancel();
        readers.delete(raw);
      });
      write(raw, `retry: 1000\n\n${first}`);
    },
  );

  app.addHook('preClose', async () => {
    stopListening();
    endAll();
  });
}
