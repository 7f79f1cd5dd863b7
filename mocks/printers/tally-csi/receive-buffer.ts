/** Programming Guide p370: 8192 bytes; stop below 512 free, go on above 1024 free. */
const SIZE = 8192;
const STOP_BELOW = 512;
const RESUME_ABOVE = 1024;

/** The interface's receive buffer with its flow-control thresholds. Counts every byte that ever came in. */
export class ReceiveBuffer {
  readonly #bytes = new Uint8Array(SIZE);
  #length = 0;
  #received = 0;
  #accepting = true;

  get used(): number {
    return this.#length;
  }

  get free(): number {
    return SIZE - this.#length;
  }

  /** All bytes ever received, those that found no room included. */
  get received(): number {
    return this.#received;
  }

  /** Position of the first byte kept, in the stream of all received bytes. */
  get position(): number {
    return this.#received - this.#length;
  }

  /** Between the two thresholds it stays as it was. */
  get accepting(): boolean {
    if (this.free < STOP_BELOW) this.#accepting = false;
    else if (this.free > RESUME_ABOVE) this.#accepting = true;
    return this.#accepting;
  }

  /** Answers how many bytes found no room. */
  put(bytes: Uint8Array): number {
    const fits = Math.min(bytes.length, this.free);
    this.#bytes.set(bytes.subarray(0, fits), this.#length);
    this.#length += fits;
    this.#received += bytes.length;
    return bytes.length - fits;
  }

  /** Counts bytes that came in and were thrown away. Only while nothing is kept. */
  pass(count: number): void {
    this.#received += count;
  }

  /** What waits, oldest first; valid until the next change. */
  peek(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  clear(): void {
    this.#length = 0;
  }
}
