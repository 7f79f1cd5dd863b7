import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Statement, VERIFICATION_RESULTS } from '../../src/domain/statement.ts';
import { looksLikeBundle } from '../../src/trust/bundle.ts';
import { chooseApproval, rejectionWins, rejects } from '../../src/trust/precedence.ts';
import { curable, verifyApproval, verifyStatement } from '../../src/trust/verify.ts';
import { forge } from './forge.ts';
import { contextOf, factsOf, NOW, statementWorld } from './world.ts';

const world = statementWorld();
const { issuer, application, record } = world;

function statementOf(text: string, changes = {}): Statement {
  const verdict = verifyStatement(text, contextOf(world, changes));
  if (verdict.result !== 'valid') throw new Error(`${verdict.result}: ${verdict.detail}`);
  return verdict.statement;
}

describe('a verified statement', () => {
  it('of each kind has its claims, times in seconds', () => {
    const aud = 'office:KNG';
    const reason = { code: 'NOT-PAID', text: 'no payment' };
    expect(statementOf(issuer.approval({ aud, application, record, jti: 'a' }))).toEqual({
      kind: 'approval',
      iss: 'central',
      jti: 'a',
      iat: NOW,
      aud: [aud],
      nbf: NOW,
      exp: NOW + 90 * 86_400,
      application,
      record,
      booklet: null,
      replaces: null,
      bundle: 1,
    });
    expect(statementOf(issuer.rejection({ aud, application, record, reason }))).toMatchObject({
      application,
      record,
      reason,
    });
    for (const target of [{ approval: 'a' }, { booklet: 'X1' }, { station: 'kng-01' }]) {
      expect(statementOf(issuer.revocation(['*'], target, reason))).toMatchObject({
        kind: 'revocation',
        target,
        reason,
      });
    }
    expect(statementOf(issuer.sign('revocation', { aud, booklet: 'X1', reason: 'stolen' }))).toMatchObject({
      reason: { code: null, text: 'stolen' },
    });
    const bill = { aud, application, billingCode: '8202', currency: 'IDR' };
    expect(statementOf(issuer.billing({ ...bill, amount: 350_000 }))).toMatchObject({
      amount: '350000',
      currency: 'IDR',
    });
    expect(statementOf(issuer.sign('billing', { ...bill, amount: '650000.50', exp: NOW + 9 }))).toMatchObject({
      amount: '650000.50',
    });
    const payment = { aud, application, billingCode: '8202', receipt: 'NTPN-1' };
    expect(statementOf(issuer.payment(payment))).toMatchObject({ receipt: 'NTPN-1', paidAt: NOW });
    const zoned = issuer.sign('payment', { ...payment, paidAt: '2026-09-21T21:13:20.500+07:00' });
    expect(statementOf(zoned)).toMatchObject({ paidAt: NOW + 0.5 });
    expect(statementOf(issuer.time('*', 'n'))).toMatchObject({ nonce: 'n', time: NOW });
    expect(statementOf(issuer.receipt('*', ['a', 'b']))).toMatchObject({ accepted: ['a', 'b'] });
    const root = Buffer.alloc(32, 1).toString('base64');
    expect(statementOf(issuer.witness('*', { origin: 'o', size: 7, root }))).toMatchObject({
      origin: 'o',
      size: 7,
      root,
    });
  });

  it('treats absent booklet and replaces as null', () => {
    const text = forge(world, { claims: { booklet: undefined, replaces: undefined } });
    expect(verifyApproval(text, contextOf(world), factsOf(world))).toMatchObject({
      result: 'valid',
      statement: { booklet: null, replaces: null },
    });
  });

  it.each([
    ['rejection without a reason', 'rejection', { application, record, reason: undefined }],
    ['revocation of nothing', 'revocation', { reason: 'x' }],
    ['revocation of two things', 'revocation', { approval: 'a', booklet: 'X1', reason: 'x' }],
    ['revocation of null', 'revocation', { approval: null, reason: 'x' }],
    [
      'billing with a negative amount',
      'billing',
      { application, billingCode: '1', amount: -1, currency: 'IDR', exp: NOW },
    ],
    ['billing in small letters', 'billing', { application, billingCode: '1', amount: 1, currency: 'idr', exp: NOW }],
    ['payment at a number', 'payment', { application, billingCode: '1', receipt: 'r', paidAt: NOW }],
    ['payment without zone', 'payment', { application, billingCode: '1', receipt: 'r', paidAt: '2026-09-21T14:13:20' }],
    [
      'payment on 31 September',
      'payment',
      { application, billingCode: '1', receipt: 'r', paidAt: '2026-09-31T14:13:20Z' },
    ],
    ['time at hour 24', 'time', { nonce: 'n', time: '2026-09-21T24:00:00Z' }],
    ['time with a leap second', 'time', { nonce: 'n', time: '2026-12-31T23:59:60Z' }],
    ['time without nonce', 'time', { time: '2026-09-21T14:13:20Z' }],
    ['receipt of a number', 'receipt', { accepted: [1] }],
    ['receipt unknown claim', 'receipt', { accepted: [], all: true }],
    ['witness with a short root', 'witness', { origin: 'o', size: 1, root: Buffer.alloc(31).toString('base64') }],
    [
      'witness with a root in base64url',
      'witness',
      { origin: 'o', size: 1, root: Buffer.alloc(32, 255).toString('base64url') },
    ],
    ['witness of a negative size', 'witness', { origin: 'o', size: -1, root: Buffer.alloc(32).toString('base64') }],
  ] as const)('refuses a %s', (_, kind, claims) => {
    const text = issuer.sign(kind, { aud: '*', ...(claims as object) });
    expect(verifyStatement(text, contextOf(world)).result).toBe('malformed');
  });

  it('keeps its digest whoever signs the same claims, and changes it with one claim', () => {
    const digest = (text: string): string => {
      const verdict = verifyStatement(text, contextOf(world));
      if (verdict.result !== 'valid') throw new Error(verdict.detail);
      return verdict.digest;
    };
    const text = forge(world, {});
    const [, payload = ''] = text.split('.');
    expect(digest(text)).toBe(createHash('sha256').update(`passport-approval+jws.${payload}`).digest('hex'));
    // ECDSA signatures differ from one to the next, even by the same key.
    const twice = [forge(world, { key: world.keys.es256 }), forge(world, { key: world.keys.es256 })];
    expect(twice[0]).not.toBe(twice[1]);
    expect(twice.map(digest)).toEqual([digest(text), digest(text)]);
    expect(digest(forge(world, { claims: { jti: 'apr-2' } }))).not.toBe(digest(text));
  });

  it('shows what a refused text calls itself, and no more', () => {
    const verdict = verifyStatement(forge(world, { header: { kid: 'nobody' } }), contextOf(world));
    expect(verdict).toMatchObject({ result: 'unknown-key', kind: 'approval', jti: 'apr-1', check: 'key' });
    expect(verifyStatement('x', contextOf(world))).toMatchObject({ result: 'malformed', kind: null, jti: null });
    expect(verifyStatement(forge(world, { claims: { x: 1 } }), contextOf(world))).toMatchObject({
      kind: 'approval',
      jti: 'apr-1',
    });
  });

  it('is no approval when it is something else', () => {
    expect(verifyApproval(issuer.time('*', 'n'), contextOf(world), factsOf(world))).toMatchObject({
      result: 'malformed',
      check: 'kind',
    });
  });

  it('revocations and rejections are heard whatever the clock and whoever is revoked', () => {
    issuer.nextBundle({ revoked: { approvals: [], booklets: ['X1'], stations: ['kng-01'], keys: [] } });
    const context = contextOf(world, { clockClass: 'untrusted' });
    const revocation = issuer.revocation('*', { station: 'kng-01' }, { code: 'A', text: 'b' });
    expect(verifyStatement(revocation, context).result).toBe('valid');
    expect(verifyStatement(issuer.time('*', 'n'), context).result).toBe('valid');
    expect(verifyStatement(issuer.approval({ aud: '*', application, record }), context).result).toBe('revoked');
    issuer.nextBundle({ revoked: { approvals: [], booklets: [], stations: [], keys: [] } });
  });
});

describe('the answer to our own nonce', () => {
  it.each([
    ['a year behind', -365 * 86_400],
    ['a year ahead', 365 * 86_400],
  ])('sets a clock right that is %s', (_, off) => {
    const text = issuer.time('station:kng-01', 'ours');
    const now = NOW + off;
    const context = { now, clockClass: 'untrusted' as const };
    expect(verifyStatement(text, contextOf(world, { ...context, nonce: 'ours' }))).toMatchObject({
      result: 'valid',
      statement: { time: NOW },
    });
    // Not ours, it is judged by the clock here: from the future, or under a bundle that has expired.
    expect(verifyStatement(text, contextOf(world, { ...context, nonce: 'other' })).result).toMatch(
      /not-yet-valid|superseded-bundle/,
    );
    expect(verifyStatement(text, contextOf(world, { ...context, nonce: null })).result).not.toBe('valid');
  });
});

describe('what can be cured', () => {
  it('is what time or a newer bundle cures', () => {
    expect(VERIFICATION_RESULTS.filter(curable)).toEqual([
      'unknown-key',
      'superseded-bundle',
      'clock-untrusted',
      'not-yet-valid',
    ]);
  });
});

describe('which statement counts', () => {
  const at = (iat: number, jti: string) => ({ iat, jti });

  it('the latest iat, then the greater jti, in whatever order they came', () => {
    const [a, b, c, d] = [at(1, 'z'), at(2, 'a'), at(2, 'b'), at(2, 'B')];
    expect(chooseApproval([])).toBeNull();
    for (const order of [
      [a, b, c, d],
      [d, c, b, a],
      [c, a, d, b],
    ]) {
      expect(chooseApproval(order)).toBe(c);
    }
  });

  it('a rejection wins over an earlier approval unless ink exists', () => {
    expect(rejectionWins(at(5, 'r'), at(4, 'a'), false)).toBe(true);
    expect(rejectionWins(at(5, 'r'), at(4, 'a'), true)).toBe(false);
    expect(rejectionWins(at(5, 'r'), at(6, 'a'), false)).toBe(false);
    expect(rejectionWins(at(5, 'r'), at(5, 'a'), false)).toBe(true);
    expect(rejectionWins(at(5, 'a'), at(5, 'r'), false)).toBe(false);
  });

  it('a rejection is about one record of one application', () => {
    const job = { application, record };
    expect(rejects({ application, record }, job)).toBe(true);
    expect(rejects({ application: 'OTHER', record }, job)).toBe(false);
    expect(rejects({ application, record: { ...record, bytes: record.bytes + 1 } }, job)).toBe(false);
    expect(rejects({ application, record: { ...record, sha256: 'ab'.repeat(32) } }, job)).toBe(false);
    expect(looksLikeBundle(' {"payload":""}')).toBe(true);
  });
});
