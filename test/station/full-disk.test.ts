import { afterEach, describe, expect, it } from 'vitest';
import { problem, Refusal } from '../../src/domain/errors.ts';
import { openOffice, refusal, type TestOffice } from './office.ts';

let office: TestOffice;
afterEach(() => office.close());

/** From now on the disk takes nothing of what `fails` names; the answer ends that. */
function fillDisk({ journal }: TestOffice, fails: (name: string) => boolean = () => true): () => void {
  const real = journal.transact.bind(journal);
  journal.transact = (name, actor, decide) => {
    if (fails(name)) throw new Refusal(problem('PST-304', `${name}: the disk is full`));
    return real(name, actor, decide);
  };
  return () => {
    journal.transact = real;
  };
}

async function bound(n: number, booklet: string): Promise<string> {
  const job = await office.released(n);
  office.sari.binds('counter-1', job, booklet);
  office.inserts('counter-1', booklet);
  await office.until('ready', () => office.state() === 'ready');
  return job;
}

describe('a full disk', () => {
  it('makes a connect fail that needs new numbers, and the next one finds the line free', async () => {
    office = await openOffice();
    const freed = fillDisk(office, (name) => name === 'reserve-sequence');
    for (let n = 0; n < 100 && office.view().recovery.lastFailure === null; n++) {
      office.sari.tells('counter-1', 'RETRY_CONNECT');
      await office.pass(10_000);
    }
    expect(office.view().recovery.lastFailure).toContain('PST-304');
    freed();
    await office.until('idle', () => office.state() === 'idle');
  });

  it.each([86, 96, 99, 100, 101])('after %i numbers: a page is refused whole or printed whole', async (used) => {
    office = await openOffice();
    const job = await office.released(0);
    for (let n = 2; n < used; n++) {
      office.sari.tells('counter-1', 'RETRY_CONNECT');
      await office.until('idle', () => office.state() === 'idle');
    }
    office.sari.binds('counter-1', job, 'U0000001');
    office.inserts('counter-1', 'U0000001');
    await office.until('ready', () => office.state() === 'ready');
    const freed = fillDisk(office, (name) => name === 'reserve-sequence');
    const refused = await refusal(() => office.sari.prints('counter-1')).catch(() => null);
    await office.pass(10 * 60_000);
    freed();
    if (refused === null) expect(office.jobState(job)).toBe('printed');
    else {
      expect(refused.code).toBe('PST-304');
      expect(office.journal.attemptsOf(job)).toEqual([]);
      await office.sari.prints('counter-1');
      await office.until('printed', () => office.jobState(job) === 'printed');
    }
    expect(await office.untruths()).toEqual([]);
  });

  it('outlives an eject for which there is no number', async () => {
    office = await openOffice();
    const freed = fillDisk(office);
    for (let n = 0; n < 110; n++) {
      office.sari.tells('counter-1', 'EJECT');
      await office.pass(1_000);
    }
    freed();
    await office.until('idle', () => office.state() === 'idle');
  });

  it('holds the outcome back until it is written, and nothing else happens at the printer meanwhile', async () => {
    office = await openOffice();
    const job = await bound(0, 'U0000001');
    await office.sari.prints('counter-1');
    const freed = fillDisk(office);
    await office.pass(10 * 60_000);
    expect(office.jobState(job)).toBe('printing');
    expect(office.state()).toMatch(/^printing/);
    expect(await refusal(() => office.sari.prints('counter-1', 'another'))).toBeDefined();
    freed();
    await office.until('printed', () => office.jobState(job) === 'printed');
    expect(await office.untruths()).toEqual([]);
  });

  it('at a stop leaves the outcome to the next start, which calls it in doubt', async () => {
    office = await openOffice();
    const job = await bound(0, 'U0000001');
    await office.sari.prints('counter-1');
    const freed = fillDisk(office);
    await office.stop();
    freed();
    await office.pass(600_000);
    office.boot();
    expect(office.jobState(job)).toBe('in-doubt');
  });
});

describe('a stop', () => {
  it('with a page that waits for its operator longer than the patience: in doubt before the journal is closed', async () => {
    office = await openOffice();
    const job = await bound(0, 'U0000001');
    await office.sari.prints('counter-1');
    await office.pass(3_000);
    office.printer().pressStop();
    await office.pass(3_000);
    const { journal } = office;
    let last = '';
    journal.onCommitted((entries) => {
      for (const { kind } of entries) last = `${last} ${kind}`;
    });
    await office.stop();
    expect(last).toContain('attempt-ended');
    await office.pass(600_000);
    office.boot();
    expect(office.jobState(job)).toBe('in-doubt');
  });
});
