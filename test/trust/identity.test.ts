import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createIdentity,
  exportIdentity,
  openIdentity,
  publicIdentity,
  signHello,
  signReport,
} from '../../src/trust/identity.ts';
import { verifyStatement } from '../../src/trust/verify.ts';
import { contextOf, NOW, statementWorld } from './world.ts';

const identity = createIdentity('kng-01', 'KNG', Buffer.alloc(32, 42));
const report = {
  jti: 'r-1',
  iat: NOW,
  seq: 7,
  kind: 'printed' as const,
  content: { application: 'A-1', approval: 'apr-1', booklet: 'X0000017', outcome: 'printed' },
};

describe('the identity of a station', () => {
  it('is its id, office, key and the thumbprint of the key', async () => {
    const shown = publicIdentity(identity);
    expect(Object.keys(shown)).toEqual(['station', 'office', 'kid', 'jwk']);
    expect(shown.kid).toBe(await calculateJwkThumbprint({ ...shown.jwk }));
    expect(JSON.stringify(shown)).not.toContain('"d"');
  });

  it('is the same after it was written and opened', () => {
    const opened = openIdentity('kng-01', 'KNG', exportIdentity(identity));
    expect(opened).toMatchObject({ ok: true, value: publicIdentity(identity) });
    expect(openIdentity('kng-01', 'KNG', 'no key').ok).toBe(false);
  });

  it('needs exactly 32 bytes', () => {
    expect(() => createIdentity('a', 'B', Buffer.alloc(31))).toThrow(RangeError);
  });
});

describe('a report', () => {
  it('is a compact JWS that jose verifies with the published key', async () => {
    const text = signReport(identity, report);
    const key = await importJWK({ ...identity.jwk }, 'Ed25519');
    const { payload, protectedHeader } = await compactVerify(text, key, { algorithms: ['Ed25519'] });
    expect(protectedHeader).toEqual({ alg: 'Ed25519', kid: identity.kid, typ: 'passport-report+jws' });
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
      ...report.content,
      iss: 'station:kng-01',
      jti: 'r-1',
      iat: NOW,
      seq: 7,
      kind: 'printed',
    });
    expect(signReport(identity, report)).toBe(text);
  });

  it('cannot speak as another station, whatever its content says', () => {
    const text = signReport(identity, { ...report, content: { iss: 'station:other', jti: 'x', seq: 0 } });
    expect(JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      iss: 'station:kng-01',
      jti: 'r-1',
      seq: 7,
    });
  });

  it('of kind hello has no seq', () => {
    const text = signHello(identity, { jti: 'h', iat: NOW });
    const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toEqual({ iss: 'station:kng-01', jti: 'h', iat: NOW, kind: 'hello' });
  });

  it('is nothing that a station accepts as a statement', () => {
    const world = statementWorld();
    expect(verifyStatement(signReport(identity, report), contextOf(world))).toMatchObject({
      result: 'unknown-key',
      kind: 'report',
    });
  });
});
