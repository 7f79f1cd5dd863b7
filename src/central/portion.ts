/** How much is moved in one exchange: halved when it did not get through, doubled again when it did. */
export interface Portion {
  size(): number;
  /** `tried`: things that were moved, where they were fewer than `size()`. */
  smaller(tried?: number): void;
  larger(): void;
}

/** `full`: things at most; never below 1. A line that has just come back starts slowly and is soon at its full pace. */
export function createPortion(full: number): Portion {
  let size = full;
  return {
    size: () => size,
    smaller: (tried = size) => {
      size = Math.max(1, Math.floor(Math.min(size, tried) / 2));
    },
    larger: () => {
      size = Math.min(full, size * 2);
    },
  };
}
