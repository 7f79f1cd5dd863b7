import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Randomness } from '../domain/world.ts';

/** PINs as `scrypt$N$salt$hash` (RFC 7914), salt and hash base64url. */
const COST = 2 ** 14;
const derive = promisify(scrypt) as (
  pin: string,
  salt: Uint8Array,
  length: number,
  options: { N: number },
) => Promise<Buffer>;

export async function hashPin(pin: string, random: Randomness): Promise<string> {
  const salt = random.bytes(16);
  const hash = await derive(pin, salt, 32, { N: COST });
  return `scrypt$${COST}$${Buffer.from(salt).toString('base64url')}$${hash.toString('base64url')}`;
}

/** What a wrong name is compared with, so that it takes as long as a wrong PIN. */
const NOBODY = `scrypt$${COST}$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(32).toString('base64url')}`;

export async function pinMatches(pin: string, stored: string | null): Promise<boolean> {
  const [, cost, salt, hash] = (stored ?? NOBODY).split('$');
  const derived = await derive(pin, Buffer.from(salt ?? '', 'base64url'), 32, { N: Number(cost) });
  return timingSafeEqual(derived, Buffer.from(hash ?? '', 'base64url')) && stored !== null;
}
