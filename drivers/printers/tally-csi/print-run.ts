import type { OutcomeReason, PrintOutcome, PrintProgress } from '../../driver.ts';
import type { ExchangeHost } from './exchange.ts';
import { outcomeOf } from './outcome.ts';
import {
  beginPrint,
  type PrintAction,
  type PrintEvent,
  type PrintPlan,
  type PrintStep,
  stepPrint,
} from './print-exchange.ts';
import { createReadyDeadline } from './ready-deadline.ts';

/** Evidence keeps this many messages, the newest: a device that babbles must not fill the journal. */
const MESSAGES_KEPT = 200;

/** Nothing of the attempt was even offered to the line. */
export function nothingSent(reason: OutcomeReason): PrintOutcome {
  return {
    outcome: outcomeOf(reason, false),
    reason,
    evidence: { bytesTotal: 0, bytesHandedOver: 0, pageByteHandedOver: false, messages: [] },
  };
}

/** Carries out the steps of one print on the line. After any outcome but `printed` the session has ended. */
export function runPrint(
  host: ExchangeHost,
  plan: PrintPlan,
  onProgress: (progress: PrintProgress) => void,
): Promise<PrintOutcome> {
  const { context, timing, line } = host;
  const { bytes, inkStart } = plan.page;
  const ours = [...plan.numbers.turns, plan.numbers.printed];
  const startedAt = context.clock.monotonic();
  const messages: { at: number; raw: string }[] = [];

  return new Promise((resolve) => {
    let current: PrintStep = beginPrint(plan, host.status().waitingForOperator);
    const expire = () => happen({ kind: 'expired' });
    const stepDeadline = createReadyDeadline(context.clock, context.timers, expire);
    const jobDeadline = createReadyDeadline(context.clock, context.timers, expire);

    const report = (progress: PrintProgress) => {
      try {
        onProgress(progress);
      } catch (error) {
        // Whoever watches must not be able to change what the print comes to.
        context.trace('note', `progress listener failed: ${error instanceof Error ? error.name : 'unknown'}`);
      }
    };

    const send = async (from: number, to: number, content: 'command' | 'page') => {
      const sent = await line.send(bytes.subarray(from, to), null, content);
      if (sent.ok) happen({ kind: 'taken' });
      else happen({ kind: 'lost', handedOver: from + sent.failure.handedOver });
    };

    const finish = async (reason: OutcomeReason) => {
      stepDeadline.stop();
      jobDeadline.stop();
      const { handedOver, torn } = current.state;
      const pageByteHandedOver = handedOver > inkStart;
      const outcome = outcomeOf(reason, pageByteHandedOver || torn);
      host.occupy(null);
      if (outcome !== 'printed') await host.end(reason);
      resolve({
        outcome,
        reason,
        evidence: { bytesTotal: bytes.length, bytesHandedOver: handedOver, pageByteHandedOver, messages },
      });
    };

    const perform = (action: PrintAction) => {
      // Whoever was told of progress may have closed the session meanwhile.
      if (current.state.phase === 'ended' && action.do !== 'finish') return;
      switch (action.do) {
        case 'send':
          void send(action.from, action.to, action.content);
          return;
        case 'deadline':
          stepDeadline.restart(timing[action.of]);
          return;
        case 'hold':
          stepDeadline.hold();
          jobDeadline.hold();
          report({ kind: 'waiting-for-operator', reasons: host.status().reasons });
          return;
        case 'release':
          stepDeadline.release();
          jobDeadline.release();
          report({ kind: 'continuing' });
          return;
        case 'report': {
          const bytesTotal = bytes.length;
          report(
            action.progress === 'sent'
              ? { kind: 'sent', bytesTotal }
              : { kind: 'sending', bytesAccepted: current.state.handedOver, bytesTotal },
          );
          return;
        }
        case 'finish':
          void finish(action.reason);
      }
    };

    const happen = (event: PrintEvent) => {
      current = stepPrint(plan, current.state, event);
      for (const action of current.actions) perform(action);
    };

    host.occupy({
      heard: (message) => {
        messages.push({ at: Math.round(context.clock.monotonic() - startedAt), raw: message.raw });
        if (messages.length > MESSAGES_KEPT) messages.shift();
        if (message.kind === 'acknowledgement' && !ours.includes(message.number)) {
          context.trace('note', `${message.raw} is not of this attempt`);
        }
        const { held } = current.state;
        happen({ kind: 'message', message });
        // The sensor's word on a STOP comes on its own: the person is told what is asked for.
        if (message.kind === 'paper' && held) {
          report({ kind: 'waiting-for-operator', reasons: host.status().reasons });
        }
      },
      lost: () => happen({ kind: 'lost', handedOver: null }),
      abandon: () => happen({ kind: 'abandoned' }),
    });
    jobDeadline.restart(timing.job);
    for (const action of current.actions) perform(action);
  });
}
