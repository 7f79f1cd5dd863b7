import { signal } from '@preact/signals';
import type { LiveEvent } from '../../api/shapes.ts';
import { get } from '../client.ts';
import { rim } from '../rim.ts';
import { central, keepJobs, keepPrinter, keepSignOff, loadFrame } from './station.ts';
import { stationSays } from './time.ts';

/** The live stream (station.md, `GET /events`) and its honesty: what is old says so (console.md, rule 7). */

/** The station's heartbeat comes every 15 s: two missed and a little patience. */
const SILENCE_MS = 32_000;

/** Time of the last sign of life where it is too old, else `null`. */
export const staleSince = signal<number | null>(null);
/** Grows at each new connection: screens load their lists again. */
export const connection = signal(0);

let heard = 0;

const alive = (): void => {
  heard = rim.now();
  staleSince.value = null;
};

type Handlers = { [Name in LiveEvent['event']]: (data: Extract<LiveEvent, { event: Name }>['data']) => void };

const handlers: Handlers = {
  printer: keepPrinter,
  job: (job) => keepJobs([job]),
  'sign-off': keepSignOff,
  central: (data) => {
    central.value = data;
  },
  booklets: () => undefined,
};

/** Opens the stream; the browser itself reconnects. Returns the way to end it. */
export function watchStation(): () => void {
  alive();
  let source = open();
  let opening = false;

  const stopLooking = rim.every(1000, () => {
    if (rim.now() - heard > SILENCE_MS) staleSince.value = heard;
    // After an answer that is no stream the browser gives up: try again, but not before the session was looked at.
    if (source.readyState === EventSource.CLOSED && !opening) {
      opening = true;
      void get('/central').then(() => {
        rim.after(3000, () => {
          opening = false;
          if (!ended) source = open();
        });
      });
    }
  });

  let ended = false;
  return () => {
    ended = true;
    stopLooking();
    source.close();
    staleSince.value = null;
  };
}

function open(): EventSource {
  const source = new EventSource('/api/v1/events');
  source.addEventListener('open', () => {
    alive();
    connection.value += 1;
    void loadFrame();
  });
  source.addEventListener('heartbeat', (event) => {
    alive();
    const { now } = JSON.parse(event.data) as { now?: string };
    if (now !== undefined) stationSays(now);
  });
  for (const name of Object.keys(handlers) as (keyof Handlers)[]) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      alive();
      (handlers[name] as (data: unknown) => void)(JSON.parse(event.data));
    });
  }
  return source;
}
