import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { signingKey } from '../../../mocks/central/index.ts';
import type { Situation } from '../../trust/rows.ts';
import type { StatementWorld } from '../../trust/world.ts';
import { type OfficeOptions, openOffice, recordOf, type TestOffice } from '../office.ts';

/** One application before a whole station: where bad approvals are handed in, bound and printed. */
export const COUNTER = 'counter-1';
/** The booklet and the application that the rows of test/trust speak of. */
export const BOOKLET = 'X0000017';
export const OTHER_BOOKLET = 'X0000018';
const APPLICATION = '1234567890123456';

/** The record of that application. `variant` gives other bytes for the same one. */
export function recordBytes(variant = 'PASSPORT OFFICE'): Uint8Array {
  const record = JSON.parse(Buffer.from(recordOf(0)).toString()) as Record<string, unknown>;
  return Uint8Array.from(Buffer.from(JSON.stringify({ ...record, application: APPLICATION, authority: variant })));
}

export interface Desk {
  readonly office: TestOffice;
  /** The office as the rows of test/trust know theirs. */
  readonly world: StatementWorld;
}

/** An idle station without a line to the centre: statements are handed in. */
export async function openDesk(options: OfficeOptions = {}): Promise<Desk> {
  const office = await openOffice({ central: 'none', blanks: { from: 'X0000015', to: 'X0000019' }, ...options });
  return { office, world: worldOf(office) };
}

/** The office's present, as a world in which rows make their texts. */
export function worldOf(office: TestOffice): StatementWorld {
  const { issuer } = office.centre;
  const bytes = recordBytes();
  return {
    centre: office.centre,
    issuer,
    now: issuer.now(),
    station: 'kng-01',
    office: 'KNG',
    application: APPLICATION,
    record: { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length },
    booklet: BOOKLET,
    keys: {
      ed25519: signingKey(issuer.seed, 'central-1'),
      es256: signingKey(issuer.seed, 'central-2', 'ES256'),
    },
  };
}

/** Brings a row's situation about as a station meets it: by what is handed in, by people, and by time. */
export async function bringAbout({ office, world }: Desk, situation: Situation): Promise<string> {
  const changes = situation.bundle?.(world);
  if (changes !== undefined) {
    world.issuer.nextBundle(changes);
    office.sari.imports(JSON.stringify(office.centre.bundle()));
  }
  for (const text of [...(situation.revocations?.(world) ?? []), ...(situation.earlier?.(world) ?? [])])
    office.sari.imports(text);
  const { id } = office.sari.submits(recordBytes());
  if (situation.facts?.retired === true) office.dewi.refers(id);
  if (situation.laterBy !== undefined) await office.pass(situation.laterBy * 1000);
  if (situation.clockClass !== undefined) {
    // Nobody vouches for the time of a computer that has just started; carried on from before, it is good enough.
    office.clock.synchronised = false;
    if (situation.clockClass === 'untrusted') {
      office.crash();
      office.boot();
      await office.until('idle', () => office.state() === 'idle');
    }
  }
  return id;
}

/** Somebody with the disk in hand changes the stored data, past the journal. */
export function meddle({ directory }: TestOffice, sql: string, ...values: (string | number | Uint8Array)[]): void {
  const db = new DatabaseSync(join(directory, 'data', 'journal.db'));
  const { changes } = db.prepare(sql).run(...values);
  db.close();
  if (changes === 0) throw new Error(`nothing was changed: ${sql}`);
}

export const bytesAtPrinter = (office: TestOffice): number => office.printer(COUNTER).device.snapshot().bytesReceived;
