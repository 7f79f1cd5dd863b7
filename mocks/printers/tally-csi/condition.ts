/** Programming Guide p224: STOP loses nothing and is cleared by hand. */
export type StopCause = 'key' | 'cover' | 'document-request' | 'off-line';
/** ERROR cancels all jobs that are not carried out and is cleared by hand. */
export type ErrorCause = 'hardware' | 'jam' | 'outside-document' | 'document-lost' | 'overrun';
export type Power = 'off' | 'booting' | 'on' | 'firmware-load';
export type Status = 'off' | 'booting' | 'firmware-load' | 'online' | 'stop' | 'error';

/** Whether the printer works, and if not, why. */
export class Condition {
  power: Power = 'off';
  error: ErrorCause | null = null;
  readonly stops = new Set<StopCause>();
  /** Faults: carries nothing out; says nothing; lets the host send nothing. */
  stalled = false;
  silent = false;
  takesNothing = false;

  get status(): Status {
    if (this.power !== 'on') return this.power;
    if (this.error !== null) return 'error';
    return this.stops.size > 0 ? 'stop' : 'online';
  }

  /** Global printer status: 0 ONLINE, 1 STOP, 2 ERROR. */
  get code(): 0 | 1 | 2 {
    if (this.error !== null) return 2;
    return this.stops.size > 0 ? 1 : 0;
  }

  get runs(): boolean {
    return this.status === 'online' && !this.stalled;
  }

  get speaks(): boolean {
    return this.power === 'on' && !this.silent && !this.stalled;
  }

  /** Whether bytes are taken in at all, whatever room there is. */
  get listens(): boolean {
    if (this.power === 'firmware-load') return true;
    return this.power === 'on' && this.error === null && !this.takesNothing;
  }

  /** An open cover stays open; everything else is forgotten. */
  losePower(): void {
    this.power = 'off';
    this.error = null;
    for (const cause of [...this.stops]) if (cause !== 'cover') this.stops.delete(cause);
    this.stalled = false;
    this.silent = false;
    this.takesNothing = false;
  }
}
