import type { Role } from '../domain/people.ts';
import type { World } from '../domain/world.ts';

/** Who is signed in. In memory: a restart signs everybody out, which loses nothing. */
export interface SignedIn {
  readonly token: string;
  readonly person: string;
  readonly roles: readonly Role[];
  /** Milliseconds since the epoch; moves on with every call. */
  readonly expires: number;
}

export class Sessions {
  readonly #world: World;
  readonly #idle: number;
  readonly #open = new Map<string, SignedIn & { deadline: number }>();
  readonly #listeners = new Set<(token: string) => void>();

  /** `idleMinutes`: a session ends after so long without a call. */
  constructor(world: World, idleMinutes: number) {
    this.#world = world;
    this.#idle = idleMinutes * 60_000;
  }

  open(person: string, roles: readonly Role[]): SignedIn {
    this.#sweep();
    const token = Buffer.from(this.#world.random.bytes(32)).toString('base64url');
    const session = { token, person, roles, ...this.#until() };
    this.#open.set(token, session);
    return session;
  }

  /** The session of a token, `null` where there is none or it has idled out. `touch`: whether this counts as activity. */
  find(token: string, touch: boolean): SignedIn | null {
    const session = this.#open.get(token);
    if (session === undefined) return null;
    if (session.deadline <= this.#world.clock.monotonic()) {
      this.close(token);
      return null;
    }
    if (!touch) return session;
    const renewed = { ...session, ...this.#until() };
    this.#open.set(token, renewed);
    return renewed;
  }

  close(token: string): void {
    if (this.#open.delete(token)) for (const listener of this.#listeners) listener(token);
  }

  /** Hears of each session that ends by a sign-out, or is found to have idled out. */
  onClosed(listener: (token: string) => void): void {
    this.#listeners.add(listener);
  }

  #until(): { expires: number; deadline: number } {
    return {
      expires: this.#world.clock.now() + this.#idle,
      deadline: this.#world.clock.monotonic() + this.#idle,
    };
  }

  #sweep(): void {
    const now = this.#world.clock.monotonic();
    for (const [token, { deadline }] of this.#open) if (deadline <= now) this.close(token);
  }
}
