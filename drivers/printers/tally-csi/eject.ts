import { controlPoint, formFeed } from './commands.ts';
import type { ExchangeHost } from './exchange.ts';
import { createReadyDeadline } from './ready-deadline.ts';

/**
 * Pushes the document out and waits for the device to say that it has. What is not confirmed ends the session: the
 * command may still lie in the device and would push out the next booklet.
 */
export function runEject(
  host: ExchangeHost,
  acknowledgement: number,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const { context, timing, line } = host;
  return new Promise((resolve) => {
    let over = false;
    const finish = async (ok: boolean, detail: string) => {
      if (over) return;
      over = true;
      deadline.stop();
      host.occupy(null);
      if (!ok) await host.end(`eject: ${detail}`);
      resolve({ ok, detail });
    };
    const deadline = createReadyDeadline(
      context.clock,
      context.timers,
      () => void finish(false, 'not confirmed in time'),
    );
    if (host.status().waitingForOperator) deadline.hold();
    host.occupy({
      heard: (message) => {
        if (message.kind === 'acknowledgement' && message.number === acknowledgement) void finish(true, message.raw);
        if (message.kind !== 'status') return;
        if (message.status === 'error') void finish(false, message.raw);
        else if (message.status === 'stop') deadline.hold();
        else deadline.release();
      },
      lost: () => void finish(false, 'the line ended'),
      abandon: () => void finish(false, 'given up'),
    });
    deadline.restart(timing.eject);
    const bytes = Uint8Array.from([...formFeed(), ...controlPoint(acknowledgement)]);
    void line.send(bytes, null, 'command').then((sent) => {
      if (!sent.ok) void finish(false, sent.failure.detail);
    });
  });
}
