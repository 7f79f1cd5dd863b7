/** What comes in at the desk: statements by the page, kept for later, in any order; records handed in again. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { signingKey } from '../../mocks/central/keys.ts';
import { signCompact } from '../../mocks/central/signing.ts';
import { centralDesk } from '../../src/station/central-desk.ts';
import { meddle } from './approvals/desk.ts';
import { applicant, openOffice, recordOf, refusal, type TestOffice } from './office.ts';

let office: TestOffice;
afterEach(() => office.close());

const digest = (n: number) => {
  const bytes = recordOf(n);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
};
const approval = (n: number, more: object = {}) =>
  office.centre.issuer.approval({ aud: '*', application: applicant(n).application, record: digest(n), ...more });
describe('an application handed in again', () => {
  it('in the same moment: the latest job is the one that counts', async () => {
    office = await openOffice({ central: 'none' });
    for (let n = 0; n < 12; n++) {
      const first = office.sari.submits(n);
      office.dewi.cancels(first.id);
      const second = office.sari.submits(n);
      expect(office.journal.jobOfApplication(second.application)?.id).toBe(second.id);
      expect(office.sari.submits(n).id).toBe(second.id);
    }
  });
  it('after the clock was set back: a referral stands', async () => {
    office = await openOffice({ central: 'none' });
    office.clock.synchronised = false;
    office.crash();
    office.clock.skew = 3_600_000;
    office.boot();
    const first = office.sari.submits(0);
    office.dewi.cancels(first.id);
    office.crash();
    office.clock.skew = 0;
    office.boot();
    const second = office.sari.submits(0);
    office.dewi.refers(second.id);
    expect((await refusal(() => office.sari.submits(0))).code).toBe('PST-402');
  });
});

describe('a page of the feed', () => {
  it('with a statement that breaks a rule of the station itself: the others are taken, that one is kept', async () => {
    office = await openOffice({ central: 'none' });
    const bad = office.sari.submits(0);
    const good = office.sari.submits(1);
    meddle(office, `UPDATE jobs SET state = 'received' WHERE id = ?`, bad.id);
    const desk = centralDesk(office.station.core);
    desk.receive([approval(0), approval(1)], 'c1');
    expect(desk.cursor()).toBe('c1');
    expect([...office.journal.keptStatements()]).toMatchObject([{ result: 'fault' }]);
    expect(office.journal.outboxCounts().refused).toBe(0);
    // The next start tries it again.
    meddle(office, `UPDATE jobs SET state = 'awaiting-approval' WHERE id = ?`, bad.id);
    office.crash();
    office.boot();
    expect(office.jobState(bad.id)).toBe('approved');
    expect([...office.journal.keptStatements()]).toEqual([]);
    expect(office.jobState(good.id)).toBe('approved');
  });
  it('with rubbish of every kind: each is refused by itself', async () => {
    office = await openOffice({ central: 'none' });
    const good = office.sari.submits(1);
    const rubbish = [
      '',
      ' ',
      '{',
      '{}',
      '{"payload":1}',
      '\u0000',
      '\ud800',
      'a.b.c',
      '...',
      'ey.ey.ey',
      '[]',
      'null',
      '{"payload":"","signatures":[]}',
      '{"payload":"e30","signatures":[{}]}',
      `${'x'.repeat(70_000)}`,
      '{"a":'.repeat(5000),
      '[['.repeat(50_000),
    ];
    centralDesk(office.station.core).receive([...rubbish, approval(1)], 'c1');
    expect(office.jobState(good.id)).toBe('approved');
    expect(office.journal.rebuildCheck()).toEqual([]);
  });
});

describe('what is kept for later', () => {
  it('is tried again, however many stand before it that nothing cures', async () => {
    office = await openOffice({ central: 'none' });
    const stranger = signingKey(new Uint8Array(32).fill(9), 'stranger');
    const now = office.centre.issuer.now();
    const junk = Array.from({ length: 1001 }, (_, i) =>
      signCompact(stranger, 'passport-rejection+jws', {
        iss: 'central',
        jti: `j${i}`,
        iat: now,
        aud: '*',
        application: 'A',
        record: digest(0),
        reason: { code: 'X', text: 'x' },
      }),
    );
    centralDesk(office.station.core).receive(junk, 'c1');
    const job = office.sari.submits(0);
    const next = signingKey(office.centre.issuer.seed, 'central-9');
    const listed = office.centre.issuer.listed(next);
    const old = office.centre.issuer.signer;
    office.centre.issuer.signer = next;
    office.sari.imports(approval(0));
    office.centre.issuer.signer = old;
    expect(office.jobState(job.id)).toBe('awaiting-approval');
    const bundle = office.centre.publishBundle({ keys: [...office.centre.issuer.bundle.keys, listed] });
    expect(office.sari.imports(JSON.stringify(bundle)).status).toBe('stored');
    await office.pass(180_000);
    expect(office.jobState(job.id)).toBe('approved');
  });
  it('and turns out to be known is kept no longer', async () => {
    office = await openOffice({ central: 'none' });
    office.sari.submits(0);
    const claims = { jti: 'same', iat: office.centre.issuer.now() };
    const next = signingKey(office.centre.issuer.seed, 'central-9');
    const listed = office.centre.issuer.listed(next);
    const old = office.centre.issuer.signer;
    office.sari.imports(approval(0, claims));
    office.centre.issuer.signer = next;
    expect(office.sari.imports(approval(0, claims)).status).toBe('kept');
    office.centre.issuer.signer = old;
    office.sari.imports(
      JSON.stringify(office.centre.publishBundle({ keys: [...office.centre.issuer.bundle.keys, listed] })),
    );
    expect([...office.journal.keptStatements()]).toEqual([]);
  });
});

describe('the same statements', () => {
  it('in any order bring a job to the same state and approval', async () => {
    office = await openOffice({ central: 'none' });
    await office.pass(3_600_000);
    const { issuer } = office.centre;
    const now = issuer.now();
    const desk = centralDesk(office.station.core);
    const text = Buffer.from(recordOf(0)).toString('utf8');
    const own = applicant(0).application;
    const kinds = ['a1', 'a2', 'a3', 'r1', 'r2', 'va1', 'va2', 'job', 'old', 'late', 'rep'] as const;
    type Kind = (typeof kinds)[number];
    let round = 0;
    const run = (order: readonly Kind[]): unknown => {
      round += 1;
      const application = `T${round}`;
      const bytes = Buffer.from(text.replace(own, application));
      const record = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
      const of = { aud: '*', application, record };
      const j = (k: string) => `${k}-${round}`;
      const reason = { code: 'X', text: 'x' };
      const make: Record<Exclude<Kind, 'job'>, () => string> = {
        a1: () => issuer.approval({ ...of, jti: j('a1'), iat: now - 500 }),
        a2: () => issuer.approval({ ...of, jti: j('a2'), iat: now - 300 }),
        a3: () => issuer.approval({ ...of, jti: j('a3'), iat: now - 300 }),
        r1: () => issuer.sign('rejection', { ...of, reason, jti: j('r1'), iat: now - 400 }),
        r2: () => issuer.sign('rejection', { ...of, reason, jti: j('a2r'), iat: now - 300 }),
        va1: () => issuer.revocation('*', { approval: j('a1') }, reason),
        va2: () => issuer.revocation('*', { approval: j('a2') }, reason),
        old: () => issuer.approval({ ...of, jti: j('old'), iat: now - 600, nbf: now - 600, exp: now - 120 }),
        late: () => issuer.approval({ ...of, jti: j('late'), iat: now - 100, nbf: now + 7200 }),
        rep: () => issuer.approval({ ...of, jti: j('rep'), iat: now - 50, replaces: 'nothing' }),
      };
      let job = '';
      for (const kind of order)
        if (kind === 'job') job = office.sari.submits(bytes).id;
        else desk.receive([make[kind]()], `c${round}`);
      const row = office.journal.job(job);
      return { state: row?.state, approval: row?.approval?.replace(`-${round}`, '') ?? null };
    };
    const twoOrders = fc.subarray(kinds.filter((kind) => kind !== 'job')).chain((some) => {
      const all: Kind[] = ['job', ...some];
      const whole = { minLength: all.length, maxLength: all.length };
      return fc.tuple(fc.shuffledSubarray(all, whole), fc.shuffledSubarray(all, whole));
    });
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        expect({ order: other.join(' '), ...(run(other) as object) }).toMatchObject(run(one) as object);
      }),
      { numRuns: 250, seed: 5 },
    );
  }, 120_000);
});
