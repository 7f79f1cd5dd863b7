/** `ESC BEL L` (`1B 07 4C`) anywhere in the stream, graphics data included, makes the printer wait for firmware (p279). */
const SEQUENCE = [0x1b, 0x07, 0x4c] as const;

/** Looks for the sequence in the raw stream, across borders of chunks. */
export class FirmwareWatch {
  #matched = 0;

  /** Index of the sequence's last byte in `bytes`, or -1. */
  find(bytes: Uint8Array): number {
    for (const [index, byte] of bytes.entries()) {
      if (byte === SEQUENCE[this.#matched]) this.#matched++;
      else this.#matched = byte === SEQUENCE[0] ? 1 : 0;
      if (this.#matched < SEQUENCE.length) continue;
      this.#matched = 0;
      return index;
    }
    return -1;
  }

  reset(): void {
    this.#matched = 0;
  }
}
