/** Randomness that follows from a seed alone, for simulations that must run the same way again. Never for secrets. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number in [0, below); `below` is 1 .. 2^32. */
  int(below: number): number;
  /** One of a list that is not empty, each equally likely. */
  pick<Item>(list: readonly Item[]): Item;
  bytes(length: number): Uint8Array;
}

/** Spreads a seed's bits, so that neighbouring seeds give unrelated numbers (the SplitMix32 finaliser). */
function scattered(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

const rotated = (word: number, by: number): number => ((word << by) | (word >>> (32 - by))) >>> 0;

/** xoshiro128** (Blackman and Vigna, 2018): 128 bits of state, enough for simulated years. The seed is a whole number. */
export function seededRandom(seed: number): SeededRandom {
  const [low, high] = [scattered(seed), scattered(Math.floor(seed / 0x1_0000_0000) ^ 0x6a09e667)];
  let [a, b, c, d] = [low(), low(), high(), high()];
  const word = (): number => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    return result;
  };
  // Neighbouring seeds begin with the same upper half.
  for (let mixing = 0; mixing < 8; mixing += 1) word();
  const int = (below: number): number => Math.floor((word() / 0x1_0000_0000) * below);
  return {
    next: () => word() / 0x1_0000_0000,
    int,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[int(list.length)]!;
    },
    bytes: (length) => Uint8Array.from({ length }, () => word() >>> 24),
  };
}
