import type { Connected, ConnectFailure, DeviceIdentity, DriverContext } from '../../driver.ts';
import { pause, within } from '../../transports/deadline.ts';
import { askSpecialMessages, askUnitParameters, controlPoint, resynchronise } from './commands.ts';
import { createLine, type Line } from './line.ts';
import type { DeviceMessage, UnitParameters } from './messages.ts';
import { createSession, type SessionSettings } from './session.ts';
import { type DeviceFacts, NOTHING_KNOWN, observe, statusOf } from './status.ts';

/**
 * Opens the line and passes the session barrier: listen, bring the device back in step, then ask for the unit parameters
 * and set a control point of our own. The printer answers control points in order and only when all before has been processed, so that its answer
 * shows that it holds nothing of an earlier session. What comes before that answer (late acknowledgements above all) is
 * only traced; of the device's condition it is the newest word there is and is taken over.
 */
export async function connect(
  context: DriverContext,
  settings: SessionSettings,
  nextAcknowledgement: () => number,
): Promise<Connected> {
  const opened = await context.open();
  if (!opened.ok) return refused({ kind: 'transport', failure: opened.failure });
  const line = createLine(opened.value, context.trace, settings.xonXoff);
  let gone: string | null = null;
  const closed = line.closed.then((reason) => {
    gone = reason;
    return 'closed' as const;
  });

  let facts = NOTHING_KNOWN;
  let unit: { parameters: UnitParameters; raw: string } | null = null;
  let understood = false;
  const barrier = nextAcknowledgement();
  let barrierSet = false;
  const answered = new Promise<'answered'>((resolve) => {
    line.onMessage((message) => {
      facts = observe(facts, message);
      if (message.kind === 'unit') unit = message;
      if (message.kind !== 'unlisted') understood = true;
      if (barrierSet && isAnswer(message, barrier)) resolve('answered');
      else if (message.kind === 'acknowledgement') {
        context.trace('note', `${message.raw} is of an earlier session, the barrier is ${barrier}`);
      }
    });
  });

  const giveUp = async (failure: ConnectFailure): Promise<Connected> => {
    context.trace('note', `no session: ${failure.kind}`);
    await line.abort();
    return refused(failure);
  };
  const lost = (): Promise<Connected> =>
    giveUp({ kind: 'transport', failure: { kind: 'closed', detail: gone ?? 'the line ended' } });

  await Promise.race([pause(context.timers, settings.timing.settle), closed]);
  if (gone !== null) return lost();
  const question = Uint8Array.from([
    ...resynchronise(),
    ...askUnitParameters(),
    ...askSpecialMessages(),
    ...controlPoint(barrier),
  ]);
  barrierSet = true;
  const sent = await line.send(question, settings.timing.barrierSend, 'command');
  if (!sent.ok && sent.failure.kind !== 'timed-out') return giveUp({ kind: 'transport', failure: sent.failure });
  const outcome = sent.ok
    ? await within(context.timers, settings.timing.barrier, Promise.race([answered, closed]))
    : ({ timely: false } as const);
  if (!outcome.timely) return giveUp(noAnswer(facts, sent.ok, understood, line));
  if (outcome.value === 'closed') return lost();
  const identity = identify(unit);
  if (identity === null) {
    // Its bytes before the control point were taken for something else: a job cut off in the middle of an image.
    return giveUp({ kind: 'not-understood', detail: 'the barrier was answered, the question before it was not' });
  }
  context.trace('note', `session with ${identity.model} behind barrier ${barrier}`);
  return {
    ok: true,
    session: createSession(context, settings, line, {
      identity,
      facts,
      lineDots: lineDots(unit),
      nextAcknowledgement,
    }),
  };
}

const refused = (failure: ConnectFailure): Connected => ({ ok: false, failure });

const isAnswer = (message: DeviceMessage, barrier: number): boolean =>
  message.kind === 'acknowledgement' && message.number === barrier;

function noAnswer(facts: DeviceFacts, taken: boolean, understood: boolean, line: Line): ConnectFailure {
  if (!understood && line.heardNoise()) {
    return { kind: 'not-understood', detail: 'what comes in is not the CSI protocol: wrong device or line speed' };
  }
  return {
    kind: 'no-answer',
    // It may be busy with what an earlier session has left in it.
    status: statusOf(facts, true),
    detail: taken
      ? 'the barrier was not answered: off-line, busy with earlier data, or cut off in the middle of it'
      : 'the device takes no bytes',
  };
}

interface Unit {
  readonly parameters: UnitParameters;
  readonly raw: string;
}

function identify(unit: Unit | null): DeviceIdentity | null {
  if (unit === null) return null;
  const { type } = unit.parameters;
  return { model: type === null ? 'Tally CSI' : `Tally CSI type ${type}`, serial: null, raw: unit.raw };
}

/** n3 is in 1/10 in, the head has 180 dots an inch. */
const lineDots = (unit: Unit | null): number | null => {
  const tenths = unit?.parameters.widthTenths ?? null;
  return tenths === null ? null : tenths * 18;
};
