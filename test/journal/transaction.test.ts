import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/errors.ts';
import type { Actor } from '../../src/domain/people.ts';
import type { World } from '../../src/domain/world.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';

const STATION: Actor = { kind: 'station' };
const WORLD: World = {
  clock: { now: () => 1_795_312_800_000, monotonic: () => 0, synchronised: () => true },
  timers: { after: () => () => undefined },
  random: { bytes: (length) => new Uint8Array(length), id: () => 'id' },
  central: { request: async () => ({ kind: 'unreachable', detail: 'none' }) },
  boundary: () => undefined,
};

const diskError = () => Object.assign(new Error('disk I/O error'), { errcode: 10 });

let directory: string;
let journal: Journal;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
  journal = openJournal(directory, WORLD);
});
afterEach(() => {
  journal.close();
  rmSync(directory, { recursive: true });
});

const kinds = () => [...journal.entries(0)].map(({ seq, subject }) => `${seq} ${subject}`);

describe('a transaction', () => {
  it('that cannot even learn the time is refused, and the next one goes on', () => {
    const { time } = journal;
    journal.time = () => {
      throw diskError();
    };
    expect(() => journal.transact('first', STATION, () => 0)).toThrow(Refusal);
    expect(journal.failure).toMatchObject({ code: 'PST-304' });
    journal.time = time;
    journal.transact('second', STATION, (tx) => tx.append('station-started', 'second', { version: '1' }));
    expect(kinds()).toEqual(['1 second']);
    expect(journal.failure).toBeNull();
  });
});

describe('a part of a transaction', () => {
  it('that fails takes back what it wrote, nothing else', () => {
    const heard: string[] = [];
    journal.onCommitted((entries) => heard.push(...entries.map(({ subject }) => subject)));
    journal.transact('parts', STATION, (tx) => {
      const start = (subject: string) => tx.append('station-started', subject, { version: '1' });
      start('before');
      const outer = tx.part(() => {
        start('outer');
        const inner = tx.part(() => {
          start('inner');
          tx.append('person-added', 'anna', { name: 'anna', roles: ['operator'] });
          throw new Error('no');
        });
        expect(inner).toMatchObject({ ok: false, failure: { message: 'no' } });
        return 7;
      });
      expect(outer).toEqual({ ok: true, value: 7 });
      start('after');
    });
    expect(kinds()).toEqual(['1 before', '2 outer', '3 after']);
    expect(heard).toEqual(['before', 'outer', 'after']);
    expect(journal.person('anna')).toBeUndefined();
    expect(journal.rebuildCheck()).toEqual([]);
  });

  it('in which the disk fails ends the whole transaction', () => {
    const broken = () =>
      journal.transact('broken', STATION, (tx) => {
        tx.append('station-started', 'before', { version: '1' });
        tx.part(() => {
          throw diskError();
        });
      });
    expect(broken).toThrow(/PST-304/);
    expect(kinds()).toEqual([]);
  });
});
