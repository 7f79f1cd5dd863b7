import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobHolder, SignOff } from '../../src/api/shapes.ts';
import { logEvents } from '../../src/cli/log-events.ts';
import { applicant, recordOf, STAFF } from '../station/office.ts';
import { base64url, expectStatus, openRig, PIN_ALONE, pinOf, type Rig } from './rig.ts';

/** A day at the counter with the service's own log: intake, release, print, doubt, quality, hand-over, mistakes. */
let rig: Rig;
const lines: string[] = [];
const answers: string[] = [];
const secrets = new Map<string, string>();

const PROOF = 'identity card 3171234567890001';
const WRONG_PIN = '987123';

function keepSecret(n: number): void {
  const { holder } = applicant(n);
  secrets.set(`name of ${n}`, holder.primaryIdentifier);
  if (holder.secondaryIdentifier) secrets.set(`given names of ${n}`, holder.secondaryIdentifier);
  if (holder.personalNumber) secrets.set(`personal number of ${n}`, holder.personalNumber);
  secrets.set(`birth of ${n}`, holder.dateOfBirth);
  secrets.set(`portrait of ${n}`, JSON.parse(Buffer.from(recordOf(n)).toString()).portrait.data.slice(0, 60));
}

const told = (where: string): string[] =>
  [...secrets].filter(([, secret]) => where.includes(secret)).map(([name]) => name);

export function logsCases(): void {
  beforeAll(async () => {
    rig = await openRig();
    const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
    logEvents(rig.office.station, log, 'http://127.0.0.1:8080');
    for (let n = 0; n < 4; n++) keepSecret(n);
    secrets.set('proof', PROOF);
    secrets.set('wrong PIN', WRONG_PIN);
    for (const [name, { pin }] of Object.entries(STAFF)) secrets.set(`PIN of ${name}`, pin);
    secrets.set('PIN of the others', PIN_ALONE);

    const { job, attempt } = await rig.printed(0, 'U0000001');
    const { mrz } = (await rig.as('sari').get<JobHolder>(`/jobs/${job.id}/holder`)).body;
    const [upper = '', lower = ''] = mrz ?? [];
    secrets.set('upper line', upper.slice(5, 25));
    secrets.set('lower line', lower.slice(10, 28));
    const key = { 'idempotency-key': 'k-1' };
    const differing = { lines: [upper, lower.replace(/.$/, 'X')], source: 'keyed' };
    expectStatus(await rig.as('sari').post(`/attempts/${attempt}/read-back`, differing, key), 200);
    expectStatus(await rig.as('sari').post(`/attempts/${attempt}/read-back`, { lines: mrz, source: 'reader' }), 200);
    expectStatus(await rig.as('qadir').post(`/jobs/${job.id}/quality`, { result: 'pass' }), 200);
    const handsOver = { recipient: 'holder', proof: PROOF };
    const over = await rig.as('sari').post(`/jobs/${job.id}/hand-over`, handsOver, { 'idempotency-key': 'k-2' });
    expectStatus(over, 200);
    answers.push(over.text);
    rig.office.printer().removeBooklet();

    // Mistakes: a wrong PIN, a PIN typed as the name, a record with faults, lines that are none, a search.
    await rig.anybody.post('/session', { user: 'dewi', pin: WRONG_PIN });
    await rig.anybody.post('/session', { user: WRONG_PIN, pin: 'dewi' });
    const record = JSON.parse(Buffer.from(recordOf(1)).toString());
    record.holder.sex = 'Q';
    answers.push((await rig.as('sari').post('/jobs', { record: base64url(Buffer.from(JSON.stringify(record))) })).text);
    answers.push((await rig.as('sari').post('/jobs', `{"record":"${record.holder.primaryIdentifier}`)).text);
    answers.push(
      (await rig.as('sari').post('/jobs/search', { name: applicant(1).holder.primaryIdentifier, x: 1 })).text,
    );
    await rig.as('sari').get(`/jobs?q=${encodeURIComponent(applicant(1).holder.primaryIdentifier)}`);
    answers.push(
      (await rig.as('sari').post(`/attempts/${attempt}/read-back`, { lines: [upper], source: 'keyed' })).text,
    );

    await rig.office.until('idle', () => rig.office.state() === 'idle');
    const doubt = await rig.inDoubt(2, 'U0000002');
    const { body } = await rig
      .as('sari')
      .post<SignOff>(`/attempts/${doubt.attempt}/resolution`, { outcome: 'spoiled', reason: 'torn' });
    expectStatus(
      await rig.as('sari').post(`/sign-offs/${body.id}/sign`, { user: 'dewi', pin: pinOf('dewi') }, key),
      200,
    );
    await rig.submitted(3);
  });

  afterAll(() => rig.close());

  describe('nobody’s data', () => {
    test('are in the log, which tells of all that happened by ids and states', () => {
      expect(lines.length).toBeGreaterThan(40);
      const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['listening', 'printer', 'central', 'entry']));
      for (const event of events) expect(event.level).toBe(30);
      expect(told(lines.join(''))).toEqual([]);
      // Nor the numbers of the documents.
      expect(lines.filter((line) => /U000000[1-9]/.test(line))).toEqual([]);
    });

    test('come back in a refusal', () => {
      expect(told(answers.join('\n'))).toEqual([]);
    });

    test('are in the journal outside the places that are theirs', () => {
      const db = new DatabaseSync(join(rig.office.directory, 'data/journal.db'), { readOnly: true });
      const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
      // records, notes: the vault of personal data; credentials: stretched PINs.
      const others = tables.map(({ name }) => String(name)).filter((name) => !['records', 'notes'].includes(name));
      expect(others).toContain('idempotency');
      for (const table of others) {
        const rows = db.prepare(`SELECT * FROM "${table}"`).all();
        expect([table, told(JSON.stringify(rows))]).toEqual([table, []]);
      }
      db.close();
    });

    test('would be found where they are', () => {
      const record = Buffer.from(recordOf(0)).toString();
      expect(told(record)).toEqual(expect.arrayContaining(['name of 0', 'birth of 0', 'portrait of 0']));
      expect(told(PROOF)).toEqual(['proof']);
      expect(told(rig.office.readsMrz('U0000001').join(' '))).toEqual(
        expect.arrayContaining(['upper line', 'lower line']),
      );
    });
  });
}
