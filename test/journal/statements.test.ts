import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseApproval } from '../../src/trust/precedence.ts';
import { NOW, newDirectory, type OpenJournal, openIn, remove, SARI, storedStatement } from './rig.ts';

let open: OpenJournal;
beforeEach(() => {
  open = openIn(newDirectory());
});
afterEach(() => {
  open.close();
  remove(open.directory);
});

const store = (...stored: ReturnType<typeof storedStatement>[]) =>
  open.journal.transact('feed', SARI, (tx) => {
    for (const data of stored) tx.append('statement-stored', data.jti, data);
  });

describe('decisions on an application', () => {
  it('come with the one that counts first, whatever order they came in, and without those of others', () => {
    const about = (jti: string, iat: number, kind = 'approval', application = 'A-1') =>
      storedStatement(jti, kind, { application, iat });
    const all = [about('b', 20), about('a', 20), about('c', 10), about('B', 20), about('d', 15, 'rejection')];
    store(about('x', 99, 'approval', 'A-2'), about('p', 99, 'payment'), ...all);
    const decisions = open.journal
      .decisionsOn('A-1')
      .map(({ jti, iat, kind }) => ({ jti: jti ?? '', iat: iat ?? 0, kind }));
    expect(decisions.map(({ jti }) => jti)).toEqual(['b', 'a', 'B', 'd', 'c']);
    // The same rule as that of the domain, which judges any order.
    expect(decisions[0]).toEqual(chooseApproval(decisions));
    expect(open.journal.paymentFor('A-1')).toMatchObject({ jti: 'p' });
  });
});

describe('a stored statement', () => {
  it('keeps its jti for ever: other content under it cannot be stored', () => {
    store(storedStatement('a', 'approval'));
    expect(open.journal.storedDigest('a')).toBe('digest of a');
    expect(open.journal.storedDigest('b')).toBeNull();
    expect(() => store(storedStatement('a', 'rejection', { digest: 'other' }))).toThrow(/statements\.jti/);
    expect(open.journal.storedDigest('a')).toBe('digest of a');
  });

  it('takes the place of its text that was kept for later', () => {
    const digest = 'k'.repeat(64);
    const keep = { digest, text: 'text', result: 'unknown-key', detail: '', via: 'feed' };
    open.journal.transact('feed', SARI, (tx) => tx.append('statement-kept', digest, keep));
    expect(open.journal.unverifiedStatement(digest)).toMatchObject({ state: 'kept' });
    store(storedStatement('a', 'approval', { was: digest, text: 'text' }));
    expect(open.journal.unverifiedStatement(digest)).toBeUndefined();
    expect([...open.journal.keptStatements()]).toEqual([]);
    expect(open.journal.rebuildCheck()).toEqual([]);
  });

  it('is found by its jti, not in the history of jobs', () => {
    store(storedStatement('a', 'approval'));
    expect(open.journal.history(['a'])).toEqual([]);
    expect(open.journal.statementByJti('a')).toMatchObject({ kind: 'approval', state: 'stored' });
    expect([...open.journal.entries(0)].map(({ subject }) => subject)).toEqual(['a']);
  });
});

describe('a revocation', () => {
  it.each([
    ['approval', 'jti-1'],
    ['booklet', 'U0000001'],
    ['station', 'kng-01'],
  ] as const)('of one %s revokes that and nothing else', (target, value) => {
    store(storedStatement('r', 'revocation', {}, { [target]: value }));
    expect(open.journal.revoked(target, value)).toBe(true);
    expect(open.journal.revoked(target, 'another')).toBe(false);
    for (const other of (['approval', 'booklet', 'station'] as const).filter((one) => one !== target))
      expect(open.journal.revoked(other, value)).toBe(false);
    expect(open.journal.revocation(target, value)).toMatchObject({ jti: 'r' });
  });

  it('revokes nothing while it is only kept for later', () => {
    const { text } = storedStatement('r', 'revocation', {}, { approval: 'jti-1' });
    const keep = { digest: 'k'.repeat(64), text, result: 'unknown-key', detail: '', via: 'feed' };
    open.journal.transact('feed', SARI, (tx) => tx.append('statement-kept', keep.digest, keep));
    expect(open.journal.revoked('approval', 'jti-1')).toBe(false);
  });

  it('of what was revoked before counts once, by the first', () => {
    const revoke = (jti: string, iat: number) => storedStatement(jti, 'revocation', { iat }, { approval: 'jti-1' });
    store(revoke('late', NOW / 1000), revoke('early', NOW / 1000 - 60));
    expect(open.journal.revocation('approval', 'jti-1')).toMatchObject({ jti: 'early' });
  });
});

describe('the clock marks', () => {
  it('move with what is stored and never back', () => {
    store(storedStatement('a', 'approval', { iat: 500 }), storedStatement('b', 'approval', { iat: 400 }));
    expect(open.journal.marks().signed).toBe(500);
  });
});
