import { afterEach, describe, expect, it } from 'vitest';
import { disablePerson } from '../../src/station/acts/people.ts';
import { perform } from '../../src/station/core.ts';
import { openOffice, refusal, type TestOffice } from './office.ts';

/** People at the counter when the clock is wrong, and when one of them has left. */

let office: TestOffice;
afterEach(() => office.close());

/** The mains failed and the clock's battery is empty: the machine starts an hour earlier, and nobody vouches for its time. */
async function startsWithTheClockSetBack(): Promise<void> {
  office.crash('mains');
  office.clock.skew -= 3_600_000;
  office.clock.synchronised = false;
  office.boot();
  await office.pass(10_000);
}

const mistypes = async (times: number): Promise<void> => {
  for (let n = 0; n < times; n++) expect((await refusal(() => office.sari.signsIn('111222'))).code).toBe('PST-413');
};

describe('a clock that was set back', () => {
  it('does not lock out who had mistyped a PIN once', async () => {
    office = await openOffice({ central: 'none' });
    await mistypes(1);
    await startsWithTheClockSetBack();
    await office.sari.signsIn();
  });

  it('makes a pause begin anew, neither shorter nor for longer than that', async () => {
    office = await openOffice({ central: 'none' });
    await mistypes(5);
    await startsWithTheClockSetBack();
    expect((await refusal(() => office.sari.signsIn())).code).toBe('PST-414');
    await office.pass(29_000);
    expect((await refusal(() => office.sari.signsIn())).code).toBe('PST-414');
    await office.pass(61_000);
    await office.sari.signsIn();
  });
});

describe('a sign-off', () => {
  it('of somebody who was disabled since asking for it is signed by nobody', async () => {
    office = await openOffice({ central: 'none' });
    const asked = office.sari.asksToSpoil('U0000001');
    const { core } = office.station;
    expect(perform(core, { kind: 'local', name: 'admin' }, 'disable', disablePerson('sari')).ok).toBe(true);
    expect((await refusal(() => office.dewi.signs(asked.id))).code).toBe('PST-410');
    expect(office.journal.booklet('U0000001')?.state).toBe('in-stock');
  });
});
