import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, it } from 'vitest';
import { attendantAt } from './office/attendant.ts';
import { applicant, openOffice, type TestOffice } from './office.ts';

/** I10: what a job leaves behind, beside its record and the note of the proof shown. */

const BOOKLET = 'U0000001';
/** Kept beside the entries, under the job's id: the only tables that may hold personal data. */
const PERSONAL = new Set(['records', 'notes']);

let office: TestOffice;
afterEach(() => office.close());

/** Every row of every other table, as text. */
function rows(): string[] {
  const db = new DatabaseSync(join(office.directory, 'data', 'journal.db'), { readOnly: true });
  const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  const found = tables
    .map(({ name }) => String(name))
    .filter((name) => !PERSONAL.has(name))
    .flatMap((name) =>
      db
        .prepare(`SELECT * FROM ${name}`)
        .all()
        .map((row) => `${name} ${JSON.stringify(row)}`),
    );
  db.close();
  return found;
}

it('from intake to hand-over, with a read-back that differs: no name, number, date or line of the MRZ anywhere', async () => {
  office = await openOffice();
  const job = await office.released(0);
  const attendant = attendantAt(office);
  attendant.when('read-back', () => {
    const [one, two] = office.readsMrz(BOOKLET);
    const attempt = office.journal.owesReadBack('counter-1') as string;
    expect(office.sari.readsBack(attempt, [one, `${two.slice(0, 20)}X${two.slice(21)}`], 'keyed').match).toBe(false);
  });
  await attendant.serves(job, [BOOKLET]);
  expect(office.sari.handsOver(job).state).toBe('handed-over');

  const { holder } = applicant(0);
  const [one, two] = office.readsMrz(BOOKLET);
  const personal = [
    ...[holder.primaryIdentifier, holder.secondaryIdentifier, holder.personalNumber, holder.dateOfBirth],
    ...[holder.placeOfBirth, one, two, two.slice(13, 19), 'identity card'],
  ].filter((text) => typeof text === 'string' && text.length > 3);
  expect(personal.length).toBeGreaterThan(5);
  const told = [...rows(), ...office.trace];
  expect(told.length).toBeGreaterThan(50);
  expect(told.filter((text) => personal.some((one) => text.includes(String(one))))).toEqual([]);
});
