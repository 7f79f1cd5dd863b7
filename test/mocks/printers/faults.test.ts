import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type Fault, simulateTallyPrinter, type TallyOptions, VirtualTime } from '../../../mocks/index.ts';
import { csi, job, join, speckled } from './tally-host.ts';

/** A printer on a cable in memory, a host that listens, everything in virtual time. */
async function connected(options: Partial<TallyOptions> & { bytesPerSecond?: number } = {}, faults: Fault[] = []) {
  const time = new VirtualTime();
  const printer = simulateTallyPrinter({ time, ...options });
  time.advance(5000);
  for (const fault of faults) printer.addFault(fault);
  const opening = printer.connectMemory();
  await time.pass(1000);
  const opened = await opening;
  if (!opened.ok) throw new Error(opened.failure.detail);
  const connection = opened.value;
  const chunks: Uint8Array[] = [];
  connection.onBytes((bytes) => chunks.push(bytes));
  await time.pass(100);
  return {
    time,
    printer,
    connection,
    chunks,
    heard: () => Buffer.concat(chunks.splice(0)).toString('latin1').replaceAll('\x1b[', ' ').trim(),
  };
}

const now = { at: 'time', ms: 0 } as const;

describe('a fault fires', () => {
  it('just before the byte that it names', async () => {
    const { time, printer, connection } = await connected({}, [{ kind: 'unplug', trigger: { at: 'byte', n: 7 } }]);
    const sent = connection.send(new Uint8Array(20), null);
    await time.pass(100);
    expect(await sent).toMatchObject({ ok: false, failure: { kind: 'closed', handedOver: 6 } });
    expect(await connection.closed).toBe('unplugged');
    expect(printer.state()).toMatchObject({ bytesReceived: 6, plugged: false });
    expect(printer.faultTrace).toMatchObject([{ at: 6100, fault: { kind: 'unplug' } }]);
  });

  it('before the n-th command of a name, once', async () => {
    const { time, printer, connection, heard } = await connected({}, [
      { kind: 'ack-lost', trigger: { at: 'command', n: 2, name: 'control-point' } },
    ]);
    heard();
    void connection.send(join(csi('1!t'), csi('"z'), csi('2!t'), csi('3!t')), null);
    await time.pass(1000);
    expect(heard()).toBe('1!t 2;4"z 3!t');
    expect(printer.faultTrace).toHaveLength(1);
  });

  it('at a time', async () => {
    const { time, heard } = await connected({}, [{ kind: 'stop', trigger: { at: 'time', ms: 5000 } }]);
    heard();
    await time.pass(3000);
    expect(heard()).toBe('');
    await time.pass(3000);
    expect(heard()).toBe('1!z');
  });

  it('the same way for the same seed', async () => {
    const run = async (seed: number) => {
      const { time, printer, connection, heard } = await connected({ seed });
      heard();
      printer.addFault({ kind: 'garbage', count: 5, trigger: { at: 'byte', n: 3, direction: 'to-host' } });
      printer.addFault({ kind: 'bit-flip', trigger: { at: 'byte', n: 5, direction: 'to-host' } });
      void connection.send(csi('1234!t'), null);
      await time.pass(1000);
      return heard();
    };
    const [first, again, other] = [await run(3), await run(3), await run(4)];
    expect(first).toBe(again);
    expect(first).not.toBe(other);
  });

  it('only if the simulator knows it', async () => {
    const { printer } = await connected();
    for (const kind of FAULT_KINDS) printer.addFault({ kind, trigger: { at: 'state', state: 'never' } } as Fault);
    expect(() => printer.addFault({ kind: 'unplugged', trigger: now } as unknown as Fault)).toThrow(RangeError);
  });
});

describe('faults of acknowledgements', () => {
  it.each([
    [{ kind: 'ack-lost', trigger: now }, '8!t'],
    [{ kind: 'ack-duplicated', trigger: now }, '7!t 7!t 8!t'],
    [{ kind: 'ack-late', trigger: now }, '8!t'],
    [{ kind: 'truncated-reply', keep: 3, trigger: now }, '7 8!t'],
    [{ kind: 'message-queue-overflow', count: 1, trigger: now }, '8!t'],
    [{ kind: 'silent', trigger: now }, ''],
    [{ kind: 'busy-for-ever', trigger: now }, ''],
    [{ kind: 'unknown-status', trigger: now }, '7!z 7!t 8!t'],
    [{ kind: 'nul-noise', count: 2, trigger: now }, '\0\0 7!t 8!t'],
  ] as const)('%o', async (fault, expected) => {
    const { time, printer, connection, heard } = await connected();
    heard();
    printer.addFault(fault);
    void connection.send(join(csi('7!t'), csi('8!t')), null);
    await time.pass(1000);
    expect(heard()).toBe(expected);
  });

  it('an acknowledgement held back comes in the next session', async () => {
    const { time, printer, connection } = await connected({}, [{ kind: 'ack-late', trigger: now }]);
    void connection.send(csi('7!t'), null);
    await time.pass(1000);
    await connection.close();
    const next = await printer.connectMemory();
    const heard: string[] = [];
    if (next.ok) next.value.onBytes((bytes) => heard.push(String.fromCharCode(...bytes)));
    await time.pass(100);
    expect(heard).toEqual(['\x1b[7!t']);
  });

  it('another device answers with other parameters', async () => {
    const { time, connection, heard } = await connected({}, [{ kind: 'wrong-identity', trigger: now }]);
    heard();
    void connection.send(csi('1#z'), null);
    await time.pass(100);
    expect(heard()).toBe('1;4;80;2;2;0;0;5040#z');
  });
});

describe('faults of the line', () => {
  it.each([
    ['bit-flip', 1],
    ['dropped-byte', 1],
    ['duplicated-byte', 0],
    ['garbage', 1],
    ['nul-noise', 0],
  ] as const)('%s on the way to the device is not held against the host', async (kind, violations) => {
    const { time, printer, connection } = await connected();
    printer.addFault({ kind, direction: 'to-device', seed: 3, trigger: now });
    void connection.send(join(csi('$t'), csi('9!t')), null);
    await time.pass(1000);
    expect(printer.device.violations.length > 0).toBe(violations > 0);
    expect(printer.device.violations.every(({ disturbed }) => disturbed)).toBe(true);
  });

  it('opens slowly', async () => {
    const time = new VirtualTime();
    const printer = simulateTallyPrinter({ time });
    printer.addFault({ kind: 'slow-open', ms: 7000, trigger: now });
    let opened = false;
    void printer.connectMemory().then(() => {
      opened = true;
    });
    await time.pass(6000);
    expect(opened).toBe(false);
    await time.pass(2000);
    expect(opened).toBe(true);
  });

  it('opens and dies', async () => {
    const { time, printer, connection } = await connected({}, [{ kind: 'opens-then-dies', trigger: now }]);
    await time.pass(1000);
    expect(await connection.closed).toBe('the device went away');
    expect((await printer.connectMemory()).ok).toBe(true);
  });

  it('refuses while unplugged, and a second host', async () => {
    const { time, printer, connection } = await connected();
    expect(await printer.connectMemory()).toMatchObject({ ok: false, failure: { kind: 'busy' } });
    printer.addFault({ kind: 'unplug', replugAfterMs: 500, trigger: now });
    await connection.closed;
    expect(await printer.connectMemory()).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
    await time.pass(1000);
    expect((await printer.connectMemory()).ok).toBe(true);
  });

  it('never drains: the host waits until its own deadline', async () => {
    const { time, connection } = await connected({}, [{ kind: 'never-drains', trigger: now }]);
    const sent = connection.send(csi('1!t'), 2000);
    await time.pass(3000);
    expect(await sent).toMatchObject({ ok: false, failure: { kind: 'timed-out' } });
  });

  it('drips', async () => {
    const { time, connection, printer } = await connected({}, [
      { kind: 'slow-drip', bytesPerSecond: 10, trigger: now },
    ]);
    void connection.send(new Uint8Array(1000), null);
    await time.pass(10_000);
    expect(Math.round(Number(printer.state().bytesReceived) / 10)).toBe(10);
  });

  it('is as slow as its baud rate', async () => {
    const { time, connection } = await connected({ bytesPerSecond: 960 });
    let sent = false;
    void connection.send(new Uint8Array(9600), null).then(() => {
      sent = true;
    });
    await time.pass(9800);
    expect(sent).toBe(false);
    await time.pass(400);
    expect(sent).toBe(true);
  });

  it('splits and merges what the device says', async () => {
    const { time, printer, connection, chunks } = await connected({}, [{ kind: 'split-chunks', trigger: now }]);
    chunks.length = 0;
    void connection.send(csi('1!t'), null);
    await time.pass(100);
    expect(chunks.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
    const merged = await connected({}, [{ kind: 'merged-chunks', ms: 60, trigger: now }]);
    await merged.time.pass(100);
    merged.chunks.length = 0;
    void merged.connection.send(join(csi('1!t'), csi('2!t')), null);
    await merged.time.pass(100);
    expect(merged.chunks.map((chunk) => String.fromCharCode(...chunk))).toEqual(['\x1b[1!t\x1b[2!t']);
    expect(printer.faultTrace).toHaveLength(1);
  });
});

describe('in mid page', () => {
  it.each([
    ['error', 'error'],
    ['jam', 'error'],
    ['booklet-removed', 'error'],
    ['power-loss', 'off'],
    ['cover-open', 'stop'],
    ['stop', 'stop'],
  ] as const)('%s leaves a page half printed: %s', async (kind, status) => {
    const { time, printer, connection } = await connected({}, [
      { kind, trigger: { at: 'command', n: 12, name: 'graphics' } },
    ]);
    printer.insertBooklet({ number: 'X0000001' });
    void connection.send(job(speckled(), 1), null);
    await time.pass(120_000);
    expect(printer.device.status).toBe(status);
    const log = printer.booklets.get('X0000001')!.inkLog;
    expect(log.length).toBeGreaterThan(20);
    expect(log.length).toBeLessThan(60);
  });

  it('power comes back by itself with the booklet still inside', async () => {
    const { time, printer, connection, heard } = await connected({}, [
      { kind: 'power-loss', bootAfterMs: 2000, trigger: { at: 'state', state: 'printing', n: 5 } },
    ]);
    printer.insertBooklet({ number: 'X0000001' });
    const sent = connection.send(job(speckled(), 1), 60_000);
    await time.pass(90_000);
    await sent;
    // What the host went on sending after the reboot is the middle of a page: no acknowledgement can come of it.
    expect(heard().startsWith('0!z 1;4"z 0!z')).toBe(true);
    expect(printer.booklets.get('X0000001')!.blank).toBe(false);
  });
});
