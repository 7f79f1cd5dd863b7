import type { ServerResponse } from 'node:http';
import type { Change } from '../station/station.ts';
import type { Routing } from './server.ts';
import { centralView, jobView, printerView, signOffView, timeText } from './views.ts';

/** Milliseconds between heartbeats (station.md). */
const HEARTBEAT = 15_000;
/** Milliseconds in which several changes of one thing are told as one. */
const GATHER = 40;

/**
 * Server-sent events: one stream, each event a full snapshot of one thing. A stream begins with snapshots of everything
 * live, so that a reader who comes back has missed nothing, whatever `Last-Event-ID` it brings.
 */
export function liveEvents({ app, station, access }: Routing): void {
  const { world, journal } = station.core;
  const readers = new Set<ServerResponse>();
  const pending = new Map<string, Change>();
  let id = 0;
  let gathering = false;

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
        const open = row !== undefined && row.state === 'open';
        return { event: 'sign-off', data: open ? signOffView(row) : { id: change.id, closed: true } };
      }
      case 'central':
        return { event: 'central', data: centralView(station) };
      case 'booklets':
        return { event: 'booklets', data: { counts: journal.bookletCounts() } };
    }
  };
  const textOf = (change: Change): string => {
    const told = snapshot(change);
    if (told === null) return '';
    id += 1;
    return `id: ${id}\nevent: ${told.event}\ndata: ${JSON.stringify(told.data)}\n\n`;
  };
  const stopListening = station.onChange((change) => {
    if (readers.size === 0) return;
    pending.set(JSON.stringify(change), change);
    if (gathering) return;
    gathering = true;
    world.timers.after(GATHER, () => {
      gathering = false;
      const text = [...pending.values()].map(textOf).join('');
      pending.clear();
      for (const reader of readers) reader.write(text);
    });
  });

  app.get('/events', { schema: { hide: true } }, (request, reply) => {
    const session = access.signedIn(request, false);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    const everything: Change[] = [
      ...[...station.printers.keys()].map((printer) => ({ kind: 'printer', id: printer }) as const),
      ...journal.openSignOffs().map((row) => ({ kind: 'sign-off', id: row.id }) as const),
      { kind: 'central' },
      { kind: 'booklets' },
    ];
    raw.write(`retry: 1000\n\n${everything.map(textOf).join('')}`);
    readers.add(raw);
    let cancel = () => {};
    const beat = () => {
      cancel = world.timers.after(HEARTBEAT, () => {
        // A session that has ended hears no more.
        if (access.sessions.find(session.token, false) === null) return raw.end();
        raw.write(`event: heartbeat\ndata: {"now":"${timeText(world.clock.now())}"}\n\n`);
        beat();
      });
    };
    beat();
    raw.on('close', () => {
      cancel();
      readers.delete(raw);
    });
  });

  app.addHook('preClose', async () => {
    stopListening();
    for (const reader of readers) reader.end();
  });
}
