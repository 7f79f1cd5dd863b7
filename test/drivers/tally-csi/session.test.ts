import { describe, expect, it } from 'vitest';
import type { Connected, PrinterSession, PrintOutcome, PrintProgress } from '../../../drivers/driver.ts';
import { TIMING } from '../../../drivers/printers/tally-csi/timing.ts';
import { createPrinterDriver } from '../../../drivers/registry.ts';
import { addInk, type Bitmap, blankBitmap } from '../../../src/domain/bitmap.ts';
import { type ScriptedPeer, scriptedPeer } from '../scripted-peer.ts';
import { createVirtualTime } from '../virtual-time.ts';

const UNIT = '\x1b[0;4;94;1;1;0;0;5023#z';
const geometry = { pageTopMm: 10, needleMm: 0, leftMm: 5 };

function bench(flowControl: 'none' | 'xonxoff' = 'none') {
  const time = createVirtualTime();
  const peer = scriptedPeer(time.timers);
  const trace: string[] = [];
  let counter = 100;
  const driver = createPrinterDriver(
    { driver: 'tally-csi', geometry, flowControl },
    { open: peer.open, ...time, trace: (direction, text) => trace.push(`${direction} ${text}`) },
  );
  const connect = () => driver.connect(() => counter++);
  return { time, peer, trace, driver, connect };
}
type Bench = ReturnType<typeof bench>;

/** Answers the barrier and every other control point that it is given, at once. */
const obliging = (peer: ScriptedPeer, bytes: string) => {
  if (bytes.includes('\x1b[1#z')) peer.say(UNIT);
  for (const [point] of bytes.matchAll(/\x1b\[[0-9]+!t/g)) peer.say(point);
};

async function connected(at: Bench): Promise<PrinterSession> {
  at.peer.onTaken = obliging;
  const connecting = at.connect();
  await at.time.pass(TIMING.settle);
  const result = await connecting;
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.session;
}

function page(): Bitmap {
  const bitmap = blankBitmap(300, 200, 180);
  for (let at = 0; at < 300; at++) for (let y = 0; y < 200; y += 9) addInk(bitmap, at, y);
  return bitmap;
}

/** Starts a print on a peer that answers nothing by itself. Control points: 101 and 102 in turn, 900 the page. */
async function printing(at: Bench, session: PrinterSession) {
  at.peer.onTaken = () => {};
  const progress: PrintProgress[] = [];
  let outcome: PrintOutcome | null = null;
  const done = session
    .print({ attempt: 'a1', acknowledgement: 900, page: page() }, (one) => progress.push(one))
    .then((it) => {
      outcome = it;
      return it;
    });
  await at.time.settle();
  return { progress, done, outcome: () => outcome };
}

const LOADED = '\x1b[101!t';
const PRINTED = '\x1b[900!t';
/** The answers to the control points between the bands that were sent, in order. */
const bandsOf = (peer: ScriptedPeer) => [...peer.taken().matchAll(/\x1b\[10[12]!t/g)].slice(1).join('');

describe('connect', () => {
  it('listens, asks, passes the barrier and tells who is there', async () => {
    const at = bench();
    const session = await connected(at);
    expect(session.identity).toEqual({
      model: 'Tally CSI type 5023',
      serial: null,
      raw: 'CSI 0;4;94;1;1;0;0;5023 # z',
    });
    expect(at.peer.taken()).toBe(`${'\0'.repeat(784)}\x1b@\x1b[1#z\x1b["z\x1b[100!t`);
    expect(session.status()).toMatchObject({ state: 'idle', booklet: 'unknown', waitingForOperator: false });
    expect(session.status().reasons).toEqual([{ keyword: 'other', severity: 'report', raw: 'no CSI n ! z yet' }]);
    await expect(session.lastJob('a0')).resolves.toBe('unknown');
  });

  it('says nothing before it has listened', async () => {
    const at = bench();
    void at.connect();
    await at.time.pass(TIMING.settle - 1);
    expect(at.peer.taken()).toBe('');
    await at.time.pass(1);
    expect(at.peer.taken()).not.toBe('');
  });

  it('takes acknowledgements of an earlier session for nothing but a line in the trace', async () => {
    const at = bench();
    let result: Connected | null = null;
    void at.connect().then((it) => {
      result = it;
    });
    await at.time.pass(TIMING.settle - 10);
    // Even the number of the barrier itself, said before the barrier was set.
    at.peer.say(`\x1b[99!t\x1b[100!t${UNIT}`);
    await at.time.pass(1000);
    expect(result).toBeNull();
    expect(at.trace).toContain('note CSI 99 ! t is of an earlier session, the barrier is 100');
    at.peer.say('\x1b[98!t');
    await at.time.pass(1000);
    expect(result).toBeNull();
    at.peer.say(`\x1b[0!z\x1b[1;4"z${UNIT}\x1b[100!t`);
    await at.time.settle();
    expect(result).toMatchObject({ ok: true });
    const session = (result as unknown as { session: PrinterSession }).session;
    expect(session.status()).toEqual({ state: 'idle', reasons: [], booklet: 'present', waitingForOperator: false });
  });

  const failing = async (at: Bench, during: (peer: ScriptedPeer) => void) => {
    const connecting = at.connect();
    await at.time.pass(TIMING.settle);
    during(at.peer);
    await at.time.pass(TIMING.barrier + TIMING.barrierSend);
    const result = await connecting;
    if (result.ok) throw new Error('connected');
    expect(at.peer.isOpen()).toBe(false);
    return result.failure;
  };

  it('a silent device does not answer', async () => {
    const failure = await failing(bench(), () => {});
    expect(failure).toMatchObject({ kind: 'no-answer', status: { booklet: 'unknown' } });
  });

  it('a device held by a person does not answer, and says so', async () => {
    const failure = await failing(bench(), (peer) => peer.say('\x1b[1!z\x1b[2;4"z'));
    expect(failure).toMatchObject({
      kind: 'no-answer',
      status: { state: 'stopped', waitingForOperator: true, reasons: [{ keyword: 'media-needed' }] },
    });
  });

  it('a device that takes no bytes does not answer, and the question is thrown away', async () => {
    const at = bench();
    at.peer.take(false);
    const failure = await failing(at, () => {});
    expect(failure).toMatchObject({ kind: 'no-answer', detail: 'the device takes no bytes' });
    expect(at.peer.discarded()).toBeGreaterThan(0);
  });

  it('noise is not this protocol', async () => {
    expect(await failing(bench(), (peer) => peer.say('\xf0\xe1ATI\r'))).toMatchObject({ kind: 'not-understood' });
  });

  it('a barrier answered without the question before it is no session: bytes went elsewhere', async () => {
    expect(await failing(bench(), (peer) => peer.say('\x1b[100!t'))).toMatchObject({ kind: 'not-understood' });
  });

  it('a line that dies while listening or while waiting is a transport failure', async () => {
    const early = bench();
    const connecting = early.connect();
    await early.time.settle();
    early.peer.unplug('cable');
    await early.time.pass(TIMING.settle);
    expect(await connecting).toEqual({
      ok: false,
      failure: { kind: 'transport', failure: { kind: 'closed', detail: 'cable' } },
    });
    expect(await failing(bench(), (peer) => peer.unplug('cable'))).toMatchObject({ kind: 'transport' });
  });

  it('a line that does not open is the transport failure as it is', async () => {
    const at = bench();
    at.peer.refuse({ kind: 'busy', detail: 'somebody' });
    expect(await at.connect()).toEqual({
      ok: false,
      failure: { kind: 'transport', failure: { kind: 'busy', detail: 'somebody' } },
    });
  });
});

describe('print', () => {
  it('is printed when the device acknowledges the number of this page', async () => {
    const at = bench();
    const session = await connected(at);
    at.peer.say('\x1b[0!z');
    const { done, progress } = await printing(at, session);
    expect(session.status().state).toBe('processing');
    expect(at.peer.taken()).not.toContain('\x1b*');
    at.peer.say(LOADED);
    await at.time.settle();
    expect(progress.at(-1)).toMatchObject({ kind: 'sent' });
    const bands = bandsOf(at.peer);
    at.peer.say(`\x1b[899!t${bands}`);
    await at.time.pass(TIMING.acknowledge - 1);
    at.peer.say(PRINTED);
    const outcome = await done;
    expect(outcome).toMatchObject({ outcome: 'printed', reason: 'acknowledged' });
    expect(outcome.evidence.bytesHandedOver).toBe(outcome.evidence.bytesTotal);
    const heard = outcome.evidence.messages.map((message) => message.raw);
    expect(heard.slice(0, 4)).toEqual(['CSI 101 ! t', 'CSI 899 ! t', 'CSI 102 ! t', 'CSI 101 ! t']);
    expect(heard.at(-1)).toBe('CSI 900 ! t');
    expect(at.trace).toContain('note CSI 899 ! t is not of this attempt');
    expect(session.status().state).toBe('idle');
  });

  it('prints again in the same session, and ignores the doubled acknowledgement of the first page', async () => {
    const at = bench();
    const session = await connected(at);
    const first = session.print({ attempt: 'a1', acknowledgement: 900, page: page() }, () => {});
    await expect(first).resolves.toMatchObject({ outcome: 'printed' });
    const second = await printing(at, session);
    at.peer.say('\x1b[899!t\x1b[101!t\x1b[102!t');
    await at.time.settle();
    expect(second.outcome()).toBeNull();
    expect(second.progress.at(-1)).toMatchObject({ kind: 'sending' });
  });

  it('traces no page data', async () => {
    const at = bench();
    const session = await connected(at);
    await session.print({ attempt: 'a1', acknowledgement: 900, page: page() }, () => {});
    const out = at.trace.filter((line) => line.startsWith('out '));
    expect(out.some((line) => /^out page data, [0-9]+ bytes, sha256 [0-9a-f]{64}$/.test(line))).toBe(true);
    expect(out.some((line) => line.includes('1b2a27'))).toBe(false);
  });

  describe('before the document is in', () => {
    const cases: [string, (at: Bench) => Promise<void> | void, string][] = [
      ['unplug', (at) => at.peer.unplug(), 'connection-lost'],
      ['ERROR', (at) => at.peer.say('\x1b[2!z'), 'device-error'],
      ['silence', (at) => at.time.pass(TIMING.load), 'timed-out'],
      ['an acknowledgement that cannot be', (at) => at.peer.say(PRINTED), 'protocol-violation'],
    ];
    it.each(cases)('%s leaves the booklet blank', async (_, fault, reason) => {
      const at = bench();
      const session = await connected(at);
      const { done } = await printing(at, session);
      await fault(at);
      const outcome = await done;
      expect(outcome).toMatchObject({ outcome: 'not-printed', reason, evidence: { pageByteHandedOver: false } });
      expect(at.peer.taken()).not.toContain('\x1b*');
      expect(at.peer.isOpen()).toBe(false);
      await session.closed;
    });

    it('a device already in ERROR is offered nothing', async () => {
      const at = bench();
      const session = await connected(at);
      at.peer.say('\x1b[2!z');
      expect(session.status()).toMatchObject({ state: 'stopped', waitingForOperator: false });
      const before = at.peer.taken();
      const { done } = await printing(at, session);
      expect(await done).toMatchObject({ outcome: 'not-printed', reason: 'device-error' });
      expect(at.peer.taken()).toBe(before);
    });

    it('a page that does not fit is refused', async () => {
      const at = bench();
      const session = await connected(at);
      const wide = blankBitmap(94 * 18, 10, 180);
      addInk(wide, 94 * 18 - 1, 0);
      const outcome = await session.print({ attempt: 'a1', acknowledgement: 900, page: wide }, () => {});
      expect(outcome).toMatchObject({ outcome: 'not-printed', reason: 'refused-before-page' });
    });
  });

  describe('after the first page byte', () => {
    const cases: [string, (at: Bench) => Promise<void> | void, string][] = [
      ['unplug', (at) => at.peer.unplug(), 'connection-lost'],
      ['ERROR', (at) => at.peer.say('\x1b[2!z'), 'device-error'],
      ['a line that stalls', (at) => at.time.pass(TIMING.chunk), 'timed-out'],
      ['an acknowledgement that cannot be', (at) => at.peer.say(PRINTED), 'protocol-violation'],
    ];
    it.each(cases)('%s leaves the outcome unknown and throws away the rest', async (_, fault, reason) => {
      const at = bench();
      const session = await connected(at);
      const { done } = await printing(at, session);
      at.peer.take(false);
      at.peer.say(LOADED);
      await at.time.settle();
      await fault(at);
      const outcome = await done;
      expect(outcome).toMatchObject({ outcome: 'unknown', reason, evidence: { pageByteHandedOver: true } });
      expect(outcome.evidence.bytesHandedOver).toBeLessThan(400);
      expect(at.peer.isOpen()).toBe(false);
      if (reason !== 'connection-lost') expect(at.peer.discarded()).toBe(256);
      const before = at.peer.taken();
      at.peer.take(true);
      await at.time.pass(1000);
      expect(at.peer.taken()).toBe(before);
    });

    it('an acknowledgement that never comes leaves it unknown', async () => {
      const at = bench();
      const session = await connected(at);
      const { done } = await printing(at, session);
      at.peer.say(`${LOADED}\x1b[899!t`);
      await at.time.pass(TIMING.acknowledge);
      expect(await done).toMatchObject({ outcome: 'unknown', reason: 'timed-out' });
    });

    it('a device that takes a few bytes now and then is given up in the end', async () => {
      const at = bench();
      const session = await connected(at);
      const { done, outcome } = await printing(at, session);
      at.peer.say(LOADED);
      at.peer.take(false);
      await at.time.settle();
      for (let waited = 0; waited < TIMING.job && outcome() === null; waited += TIMING.chunk / 2) {
        await at.time.pass(TIMING.chunk / 2);
        at.peer.take(true);
        at.peer.take(false);
      }
      expect(await done).toMatchObject({ reason: expect.stringMatching(/timed-out/) });
    });

    it('closing the session ends it as unknown', async () => {
      const at = bench();
      const session = await connected(at);
      const { done } = await printing(at, session);
      at.peer.say(LOADED);
      await at.time.settle();
      await session.close();
      expect(await done).toMatchObject({ outcome: 'unknown', reason: 'session-closed' });
      await expect(session.closed).resolves.toBe('session-closed');
    });
  });

  it('waits for a person as long as it takes, then goes on', async () => {
    const at = bench();
    const session = await connected(at);
    const { done, progress, outcome } = await printing(at, session);
    at.peer.say('\x1b[1!z');
    at.peer.say('\x1b[2;4"z');
    await at.time.pass(24 * 3_600_000);
    expect(outcome()).toBeNull();
    expect(progress.filter((one) => one.kind === 'waiting-for-operator').at(-1)).toMatchObject({
      reasons: [{ keyword: 'media-needed', severity: 'error' }],
    });
    expect(session.status()).toMatchObject({ state: 'stopped', waitingForOperator: true, booklet: 'notPresent' });
    at.peer.say(`\x1b[1;4"z\x1b[0!z${LOADED}`);
    await at.time.settle();
    expect(progress.some((one) => one.kind === 'continuing')).toBe(true);
    expect(at.peer.taken()).toContain('\x1b*');
    at.peer.say(bandsOf(at.peer) + PRINTED);
    expect(await done).toMatchObject({ outcome: 'printed' });
  });

  it('hands over no more than the band begun while the device is in STOP in the middle of a page', async () => {
    const at = bench();
    const session = await connected(at);
    const { done, outcome } = await printing(at, session);
    at.peer.take(false);
    at.peer.say(LOADED);
    await at.time.settle();
    at.peer.say('\x1b[1!z');
    at.peer.take(true);
    await at.time.settle();
    const held = at.peer.taken().length;
    expect(at.peer.taken()).toMatch(/\x1b\[[0-9]+!p\x1b\[102!t$/);
    await at.time.pass(3_600_000);
    expect(at.peer.taken().length).toBe(held);
    expect(outcome()).toBeNull();
    at.peer.say('\x1b[0!z');
    await at.time.settle();
    expect(at.peer.taken().length).toBeGreaterThan(held);
    at.peer.say(bandsOf(at.peer) + PRINTED);
    expect(await done).toMatchObject({ outcome: 'printed' });
  });

  it('takes a page for unknown when the device was switched off and on while it was held', async () => {
    const at = bench();
    const session = await connected(at);
    const { done } = await printing(at, session);
    at.peer.take(false);
    at.peer.say(LOADED);
    await at.time.settle();
    at.peer.say('\x1b[1!z');
    at.peer.take(true);
    await at.time.settle();
    // Its buffer is lost with the control point in it; ONLINE looks like the end of the STOP.
    at.peer.say('\x1b[0!z');
    await at.time.settle();
    const later = bandsOf(at.peer).slice('\x1b[102!t'.length);
    at.peer.say(later + PRINTED);
    expect(await done).toMatchObject({ outcome: 'unknown', reason: 'protocol-violation' });
  });

  it('takes a page for unknown when the device starts anew under it', async () => {
    const at = bench();
    const session = await connected(at);
    const { done } = await printing(at, session);
    at.peer.say(LOADED);
    await at.time.settle();
    at.peer.say('\x1b[0!z');
    expect(await done).toMatchObject({ outcome: 'unknown', reason: 'device-error' });
  });

  it('counts only ready time: a STOP in between stretches the deadline by its own length', async () => {
    const at = bench();
    const session = await connected(at);
    const { outcome } = await printing(at, session);
    await at.time.pass(TIMING.load - 10);
    at.peer.say('\x1b[1!z');
    await at.time.pass(1_000_000);
    at.peer.say('\x1b[0!z');
    await at.time.pass(9);
    expect(outcome()).toBeNull();
    await at.time.pass(1);
    expect(outcome()).toMatchObject({ outcome: 'not-printed', reason: 'timed-out' });
  });

  it('a second print while one runs is refused and changes nothing', async () => {
    const at = bench();
    const session = await connected(at);
    const { done } = await printing(at, session);
    const second = await session.print({ attempt: 'a2', acknowledgement: 901, page: page() }, () => {});
    expect(second).toMatchObject({ outcome: 'not-printed', reason: 'refused-before-page' });
    at.peer.say(LOADED);
    await at.time.settle();
    at.peer.say(bandsOf(at.peer) + PRINTED);
    expect(await done).toMatchObject({ outcome: 'printed' });
  });

  it('after the session has ended nothing is sent', async () => {
    const at = bench();
    const session = await connected(at);
    at.peer.unplug('cable');
    await expect(session.closed).resolves.toBe('cable');
    expect(session.status()).toMatchObject({ state: 'stopped', reasons: [{ keyword: 'connecting-to-device' }] });
    const outcome = await session.print({ attempt: 'a1', acknowledgement: 900, page: page() }, () => {});
    expect(outcome).toMatchObject({ outcome: 'not-printed', reason: 'session-closed' });
    await expect(session.eject(5)).resolves.toEqual({ ok: false, detail: 'cable' });
  });

  it('a listener that fails does not change the outcome', async () => {
    const at = bench();
    const session = await connected(at);
    const outcome = await session.print({ attempt: 'a1', acknowledgement: 900, page: page() }, () => {
      throw new Error('screen gone');
    });
    expect(outcome.outcome).toBe('printed');
  });
});

describe('eject', () => {
  const ejecting = async (at: Bench) => {
    const session = await connected(at);
    at.peer.onTaken = () => {};
    const done = session.eject(700);
    await at.time.settle();
    expect(at.peer.taken().endsWith('\x0c\x1b[700!t')).toBe(true);
    return { session, done };
  };
  it('is confirmed by its own number', async () => {
    const at = bench();
    const { done, session } = await ejecting(at);
    at.peer.say('\x1b[699!t\x1b[700!t');
    expect(await done).toEqual({ ok: true, detail: 'CSI 700 ! t' });
    expect(session.status().state).toBe('idle');
  });
  it.each<[string, (at: Bench) => Promise<void> | void]>([
    ['silence', (at) => at.time.pass(TIMING.eject)],
    ['ERROR', (at) => at.peer.say('\x1b[2!z')],
    ['unplug', (at) => at.peer.unplug()],
  ])('%s ends the session unconfirmed', async (_, fault) => {
    const at = bench();
    const { done, session } = await ejecting(at);
    await fault(at);
    expect(await done).toMatchObject({ ok: false });
    await session.closed;
  });
  it('waits while a person holds the device', async () => {
    const at = bench();
    const { done } = await ejecting(at);
    at.peer.say('\x1b[1!z');
    await at.time.pass(TIMING.eject * 100);
    at.peer.say('\x1b[0!z\x1b[700!t');
    expect(await done).toMatchObject({ ok: true });
  });
});

describe('status', () => {
  it('follows the device at any time and keeps its raw words', async () => {
    const at = bench();
    const session = await connected(at);
    const seen: string[] = [];
    const stop = session.onStatus((status) =>
      seen.push(
        `${status.state} ${status.booklet} ${status.reasons.map((reason) => `${reason.keyword}(${reason.raw})`)}`,
      ),
    );
    for (const said of ['\x1b[0!z', '\x1b[1;4"z', '\x1b[1!z', '\x1b[1!z', '\x1b[2;4"z', '\x1b[2!z', '\x1b[20;1"z']) {
      at.peer.say(said);
    }
    stop();
    at.peer.say('\x1b[0!z');
    expect(seen).toEqual([
      'idle unknown ',
      'idle present ',
      'stopped present paused(CSI 1 ! z)',
      'stopped notPresent paused(CSI 1 ! z)',
      'stopped notPresent other(CSI 2 ! z)',
    ]);
    expect(session.status()).toEqual({ state: 'idle', reasons: [], booklet: 'notPresent', waitingForOperator: false });
  });

  it('close is idempotent and settles `closed` once', async () => {
    const at = bench();
    const session = await connected(at);
    await Promise.all([session.close(), session.close()]);
    await expect(session.closed).resolves.toBe('closed by us');
  });
});
