/** Bytes that a line received: kept until somebody listens, then handed over as they come. */
export interface Inbox {
  put(bytes: Uint8Array): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
}

export function createInbox(): Inbox {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let kept: Uint8Array[] = [];
  return {
    put: (bytes) => {
      if (listener) listener(bytes);
      else kept.push(bytes);
    },
    onBytes: (next) => {
      listener = next;
      const early = kept;
      kept = [];
      for (const bytes of early) next(bytes);
    },
  };
}
