import { describe, expect, it } from 'vitest';
import { attendantAt } from './office/attendant.ts';
import { openOffice, refusal, type TestOffice } from './office.ts';

/** What people do about an attempt in doubt, and what they cannot do (journal.md, Start-up; domain.md, I5 and I8). */

const COUNTER = 'counter-1';
const BOOKLET = 'U0000001';
const NEXT = 'U0000002';
const QUARTER_OF_AN_HOUR = 15 * 60_000;

/** Prints and loses the line `when` the page is so far; gives the job and its attempt in doubt. */
async function inDoubt(office: TestOffice, when: 'mid page' | 'after the last byte') {
  const job = await office.released(0);
  office.sari.binds(COUNTER, job, BOOKLET);
  office.inserts(COUNTER, BOOKLET);
  await office.until('ready', () => office.state() === 'ready');
  office.printer().addFault({
    kind: 'unplug',
    trigger: when === 'mid page' ? { at: 'byte', n: 15_000 } : { at: 'state', state: 'ejecting' },
  });
  const attempt = await office.sari.prints(COUNTER);
  await office.until('in doubt', () => office.state() === 'locked.inDoubt');
  return { job, attempt: attempt.id };
}

/** Plugged in again, connected, the booklet in hand. */
async function recovered(office: TestOffice): Promise<void> {
  office.printer().replug();
  await office.until('shown empty', () => office.view().lock?.deviceEmpty === true);
  if (office.printer().device.snapshot().place === 'inside') {
    office.sari.tells(COUNTER, 'EJECT');
    await office.pass(3_000);
  }
  if (office.printer().device.booklet !== null) office.printer().removeBooklet();
  await office.pass(1_000);
}

const openSignOff = (office: TestOffice): string => office.journal.openSignOffs()[0]?.id ?? '';

describe('settling', () => {
  it("with a reader's match one person settles it as printed; with a keyed one it takes two", async () => {
    for (const source of ['reader', 'keyed'] as const) {
      const office = await openOffice();
      const { job, attempt } = await inDoubt(office, 'after the last byte');
      await recovered(office);
      expect(office.sari.readsBack(attempt, office.readsMrz(BOOKLET), source).match).toBe(true);
      const resolved = office.sari.resolves(attempt, 'printed', 'complete');
      expect(resolved.kind).toBe(source === 'reader' ? 'done' : 'sign-off');
      if (resolved.kind === 'sign-off') {
        expect(office.jobState(job)).toBe('in-doubt');
        await office.dewi.signs(resolved.signOff.id);
      }
      expect(office.jobState(job)).toBe('quality-check');
      await office.until('idle', () => office.state() === 'idle');
      expect(await office.untruths()).toEqual([]);
      await office.close();
    }
  });

  it('two different people sign, one of them a supervisor, and within a quarter of an hour', async () => {
    const office = await openOffice();
    const { job, attempt } = await inDoubt(office, 'mid page');
    await recovered(office);
    office.sari.resolves(attempt, 'spoiled', 'half a page');
    expect(office.journal.openSignOffs()[0]?.text).toContain(BOOKLET);
    expect(await refusal(() => office.sari.signs(openSignOff(office)))).toMatchObject({ code: 'PST-409' });
    expect(await refusal(() => office.budi.signs(openSignOff(office)))).toMatchObject({ code: 'PST-409' });
    expect(await refusal(() => office.tono.signs(openSignOff(office)))).toMatchObject({ code: 'PST-408' });
    expect(await refusal(() => office.dewi.signs(openSignOff(office), '111112'))).toMatchObject({ code: 'PST-413' });
    const late = openSignOff(office);
    await office.pass(QUARTER_OF_AN_HOUR);
    expect(await refusal(() => office.dewi.signs(late))).toMatchObject({ code: 'PST-410' });
    expect(office.jobState(job)).toBe('in-doubt');
    office.sari.resolves(attempt, 'spoiled', 'half a page');
    await office.dewi.signs(openSignOff(office));
    expect(office.jobState(job)).toBe('awaiting-approval');
    await office.close();
  });

  it('a book whose read-back differs is never settled as printed', async () => {
    const office = await openOffice();
    const { attempt } = await inDoubt(office, 'mid page');
    await recovered(office);
    expect(office.sari.readsBack(attempt, office.readsMrz(BOOKLET)).match).toBe(false);
    expect(await refusal(() => office.sari.resolves(attempt, 'printed'))).toMatchObject({
      reason: 'read-back-differs',
    });
    await office.close();
  });

  it('settled before the device is shown empty, the printer stays locked until it is', async () => {
    const office = await openOffice();
    const { job, attempt } = await inDoubt(office, 'mid page');
    const other = await office.released(1);
    expect(await refusal(() => office.sari.resolves(attempt, 'blank'))).toMatchObject({ code: 'PST-417' });
    const resolved = office.sari.resolves(attempt, 'spoiled');
    if (resolved.kind === 'sign-off') await office.dewi.signs(resolved.signOff.id);
    expect(office.jobState(job)).toBe('awaiting-approval');
    expect(office.view()).toMatchObject({
      state: 'locked.inDoubt',
      lock: { attempt, resolved: 'spoiled', deviceEmpty: false },
      asks: expect.arrayContaining(['purged']),
    });
    expect(await refusal(() => office.sari.binds(COUNTER, other, NEXT))).toMatchObject({ reason: 'printer-locked' });
    // The printer goes to the workshop: a person says that it holds nothing.
    office.sari.confirms(COUNTER, 'purged');
    expect(office.view().lock).toBeNull();
    expect(await refusal(() => office.sari.binds(COUNTER, other, NEXT))).toMatchObject({ code: 'PST-502' });
    office.printer().removeBooklet();
    office.printer().powerOff();
    await office.pass(3_600_000);
    office.printer().powerOn();
    office.printer().replug();
    const next = attendantAt(office);
    await next.serves(other, [NEXT]);
    expect(office.jobState(other)).toBe('ready');
    expect(await office.untruths()).toEqual([]);
    await office.close();
  });

  it('a spoiled booklet ends its approval: a new one that replaces it prints a new booklet', async () => {
    const office = await openOffice();
    const { job, attempt } = await inDoubt(office, 'mid page');
    await recovered(office);
    const first = office.journal.attempt(attempt);
    office.sari.resolves(attempt, 'spoiled', 'half a page');
    await office.dewi.signs(openSignOff(office));
    expect(office.journal.attempt(attempt)).toMatchObject({ state: 'spoiled', resolution: 'spoiled' });
    await office.until('idle', () => office.state() === 'idle');
    expect(office.journal.job(job)).toMatchObject({ approval: null, spent_approval: first?.approval, booklet: null });
    expect(await refusal(() => office.sari.binds(COUNTER, job, NEXT))).toMatchObject({ reason: 'already-used' });
    expect(await refusal(() => office.sari.binds(COUNTER, job, BOOKLET))).toMatchObject({ reason: 'booklet-spoiled' });

    const application = office.journal.job(job)?.application ?? '';
    await office.until(
      'the centre knows of it',
      () => office.centre.applications.get(application)?.spent === first?.approval,
    );
    office.centre.approve(application, { replaces: null });
    await office.pass(5_000);
    expect(office.jobState(job)).toBe('awaiting-approval');
    office.centre.approve(application);
    await office.until('approved anew', () => office.jobState(job) === 'approved');
    office.dewi.releases(job);
    await attendantAt(office).serves(job, [NEXT]);
    const attempts = office.journal.attemptsOf(job);
    expect(attempts.map(({ state, booklet, number }) => [number, state, booklet])).toEqual([
      [1, 'spoiled', BOOKLET],
      [2, 'printed', NEXT],
    ]);
    expect(attempts[1]?.approval).not.toBe(attempts[0]?.approval);
    expect(office.journal.bookletCounts()).toEqual({ 'in-stock': 7, spoiled: 1, good: 1 });
    expect(await office.untruths()).toEqual([]);
    await office.close();
  });

  it('paused by a person it takes nothing on, and says so', async () => {
    const office = await openOffice();
    const job = await office.released(0);
    office.tono.tells(COUNTER, 'PAUSE');
    expect(await refusal(() => office.sari.binds(COUNTER, job, BOOKLET))).toMatchObject({ reason: 'printer-paused' });
    office.tono.tells(COUNTER, 'RESUME');
    office.sari.binds(COUNTER, job, BOOKLET);
    office.inserts(COUNTER, BOOKLET);
    await office.until('ready', () => office.state() === 'ready');
    office.tono.tells(COUNTER, 'PAUSE');
    expect(await refusal(() => office.sari.prints(COUNTER))).toMatchObject({ reason: 'printer-paused' });
    expect(office.situation()).toMatchObject({ kind: 'print', paused: true });
    await office.close();
  });
});
