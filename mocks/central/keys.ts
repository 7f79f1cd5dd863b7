/** Keys of the simulated centre: all grow from one seed, so that a restart with the same seed is the same centre. */
import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export type CentreAlg = 'Ed25519' | 'ES256';

export interface SigningKey {
  readonly kid: string;
  readonly alg: CentreAlg;
  readonly privateKey: KeyObject;
  /** Public members only. */
  readonly jwk: Readonly<Record<string, string>>;
}

/** RFC 8410 s7. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** 32 bytes that depend on the seed and the label only. */
export const derive = (seed: Uint8Array, label: string): Buffer =>
  createHash('sha256').update(seed).update(`\0${label}`).digest();

function ed25519(secret: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, secret]), format: 'der', type: 'pkcs8' });
}

function p256(secret: Buffer): KeyObject {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret);
  const point = ecdh.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: secret.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

/** Makes the key that this seed has under this `kid`. */
export function signingKey(seed: Uint8Array, kid: string, alg: CentreAlg = 'Ed25519'): SigningKey {
  const secret = derive(seed, `${alg}:${kid}`);
  const privateKey = alg === 'Ed25519' ? ed25519(secret) : p256(secret);
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as Record<string, string>;
  return { kid, alg, privateKey, jwk };
}
