/** How much a whole verification costs beside the bare signature check. Prints one JSON line. */
import { createPublicKey, verify } from 'node:crypto';
import { parseArgs } from 'node:util';
import { verifyApproval } from '../../src/trust/verify.ts';
import { contextOf, factsOf, statementWorld } from '../trust/world.ts';

interface Rate {
  readonly perSecond: number;
  readonly bare: number;
  readonly ratio: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Seconds that `act` takes for all texts once. */
function seconds(act: () => void): number {
  const start = performance.now();
  act();
  return (performance.now() - start) / 1000;
}

/** Measures both in turns, so that a busy machine slows both alike. */
export function measureTrust({ statements = 1000, rounds = 9 } = {}): Readonly<Record<'Ed25519' | 'ES256', Rate>> {
  const world = statementWorld();
  const context = contextOf(world);
  const facts = factsOf(world);
  const rate = (key: typeof world.keys.ed25519): Rate => {
    world.issuer.signer = key;
    const texts = Array.from({ length: statements }, () =>
      world.issuer.approval({ aud: 'office:KNG', application: world.application, record: world.record }),
    );
    const publicKey = createPublicKey({ key: { ...key.jwk }, format: 'jwk' });
    const parts = texts.map((text) => {
      const end = text.lastIndexOf('.');
      return { signed: Buffer.from(text.slice(0, end)), signature: Buffer.from(text.slice(end + 1), 'base64url') };
    });
    const bare = (): void => {
      for (const { signed, signature } of parts) {
        const good =
          key.alg === 'Ed25519'
            ? verify(null, signed, publicKey, signature)
            : verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
        if (!good) throw new Error('bare verification failed');
      }
    };
    const whole = (): void => {
      for (const text of texts) {
        const verdict = verifyApproval(text, context, facts);
        if (verdict.result !== 'valid') throw new Error(verdict.result);
      }
    };
    bare();
    whole();
    const times = Array.from({ length: rounds }, () => ({ bare: seconds(bare), whole: seconds(whole) }));
    const [bareTime, wholeTime] = [median(times.map((t) => t.bare)), median(times.map((t) => t.whole))];
    return {
      perSecond: Math.round(statements / wholeTime),
      bare: Math.round(statements / bareTime),
      ratio: Number((bareTime / wholeTime).toFixed(3)),
    };
  };
  return { Ed25519: rate(world.keys.ed25519), ES256: rate(world.keys.es256) };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
  console.log(JSON.stringify({ bench: 'trust', ...measureTrust({ rounds: Number(values.rounds) }) }));
}
