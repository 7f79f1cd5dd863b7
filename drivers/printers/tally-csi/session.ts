import type {
  DeviceIdentity,
  DeviceJob,
  DriverContext,
  PrinterSession,
  PrinterStatus,
  PrintOutcome,
  PrintProgress,
} from '../../driver.ts';
import { CLOSED_BY_US } from '../../transports/transport.ts';
import { runEject } from './eject.ts';
import { type EncoderSettings, encodePage, type PointNumbers } from './encoder.ts';
import type { Exchange, ExchangeHost } from './exchange.ts';
import type { Line } from './line.ts';
import { nothingSent, runPrint } from './print-run.ts';
import { type DeviceFacts, disconnectedStatus, observe, statusOf } from './status.ts';
import type { Timing } from './timing.ts';

export interface SessionSettings {
  readonly timing: Timing;
  readonly encoder: Omit<EncoderSettings, 'lineDots'>;
  readonly xonXoff: boolean;
}

export interface SessionStart {
  readonly identity: DeviceIdentity;
  readonly facts: DeviceFacts;
  readonly lineDots: number | null;
  readonly nextAcknowledgement: () => number;
}

/** A session behind an answered barrier (driver.ts). Owns the line from here on. */
export function createSession(
  context: DriverContext,
  settings: SessionSettings,
  line: Line,
  start: SessionStart,
): PrinterSession {
  let facts = start.facts;
  let exchange: Exchange | null = null;
  let ended: { readonly reason: string; readonly done: Promise<void> } | null = null;
  let settle: (reason: string) => void = () => {};
  const closed = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const listeners = new Set<(status: PrinterStatus) => void>();

  const status = () => (ended ? disconnectedStatus(ended.reason) : statusOf(facts, exchange !== null));
  let published = JSON.stringify(status());
  const publish = () => {
    const now = status();
    const text = JSON.stringify(now);
    if (text === published) return;
    published = text;
    for (const listener of [...listeners]) listener(now);
  };

  const end = (reason: string): Promise<void> => {
    if (ended === null) {
      context.trace('note', `session ends: ${reason}`);
      ended = { reason, done: line.abort().then(() => settle(reason)) };
      publish();
    }
    return ended.done;
  };

  line.onMessage((message) => {
    if (ended !== null) return;
    facts = observe(facts, message);
    publish();
    exchange?.heard(message);
  });
  void line.closed.then((reason) => {
    const done = end(reason);
    exchange?.lost();
    return done;
  });

  const host: ExchangeHost = {
    context,
    timing: settings.timing,
    line,
    status,
    occupy: (next) => {
      exchange = next;
      publish();
    },
    end,
  };

  const print = async (job: DeviceJob, onProgress: (progress: PrintProgress) => void): Promise<PrintOutcome> => {
    if (ended !== null) return nothingSent('session-closed');
    if (exchange !== null) return nothingSent('refused-before-page');
    const refuse = async (reason: 'device-error' | 'refused-before-page', detail: string) => {
      await end(detail);
      return nothingSent(reason);
    };
    if (facts.global?.status === 'error') return refuse('device-error', 'the device is in ERROR');
    const numbers: PointNumbers = {
      turns: [start.nextAcknowledgement(), start.nextAcknowledgement()],
      printed: job.acknowledgement,
    };
    if (new Set([...numbers.turns, numbers.printed]).size < 3) {
      return refuse('refused-before-page', 'an acknowledgement number came twice');
    }
    const page = encodePage(job.page, { ...settings.encoder, lineDots: start.lineDots }, numbers);
    if (!page.ok) return refuse('refused-before-page', page.failure);
    return runPrint(host, { page: page.value, numbers }, onProgress);
  };

  return {
    identity: start.identity,
    status,
    onStatus: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    print,
    eject: async (acknowledgement) => {
      if (ended !== null) return { ok: false, detail: ended.reason };
      if (exchange !== null) return { ok: false, detail: 'the printer is busy' };
      return runEject(host, acknowledgement);
    },
    // The protocol has no question for it (reference/protocols.md section 4).
    lastJob: async () => 'unknown',
    close: async () => {
      exchange?.abandon();
      await end(CLOSED_BY_US);
    },
    closed,
  };
}
