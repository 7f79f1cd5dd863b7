/** A desk with a real key and real signatures, and the simulated centre that it is enrolled at. */
import { type CentreFaultKind, CentreProtocol, SimulatedCentre } from '../../mocks/central/index.ts';
import { createCentralLink } from '../../src/central/link.ts';
import type { CentralChannel, World } from '../../src/domain/world.ts';
import { createIdentity, publicIdentity, signHello, signReport } from '../../src/trust/identity.ts';
import { MemoryDesk } from './desk.ts';

const identity = createIdentity('loket-1', 'UTO-01', new Uint8Array(32).fill(7));

export class SigningDesk extends MemoryDesk {
  readonly #world: Pick<World, 'clock' | 'random'>;
  #seq = 0;

  constructor(world: Pick<World, 'clock' | 'random'>) {
    super();
    this.#world = world;
  }

  override hello(): string {
    this.hellos += 1;
    return signHello(identity, { jti: this.#world.random.id(), iat: this.#seconds() });
  }

  /** Puts reports into the outbox. */
  report(count: number): void {
    for (let i = 0; i < count; i++) {
      const seq = ++this.#seq;
      const claims = { jti: `report-${seq}`, iat: this.#seconds(), seq, kind: 'released', content: {} } as const;
      this.waiting.push({ jti: claims.jti, text: signReport(identity, claims) });
    }
  }

  #seconds(): number {
    return Math.floor(this.#world.clock.now() / 1000);
  }
}

/** A station at a simulated centre; `channel` is the way there. */
export function createOffice(
  base: Omit<World, 'central' | 'boundary'>,
  channel: (protocol: CentreProtocol) => CentralChannel,
  waitSeconds = 20,
) {
  const centre = new SimulatedCentre({ world: base, seed: new Uint8Array(32).fill(9) });
  centre.enrol(publicIdentity(identity));
  const protocol = new CentreProtocol(centre);
  const desk = new SigningDesk(base);
  const world: World = { ...base, central: channel(protocol), boundary: () => {} };
  const link = createCentralLink({ world, desk, station: 'loket-1', waitSeconds });
  const reasons = new Set<string>();
  link.onChange(() => {
    const { reason } = link.state();
    if (reason !== null) reasons.add(reason);
  });
  const published: string[] = [];
  return {
    centre,
    protocol,
    desk,
    link,
    reasons,
    published,
    publish(count: number): void {
      for (let i = 0; i < count; i++) {
        published.push(centre.revoke({ booklet: `X${1000 + published.length}` }, { aud: 'station:loket-1' }));
      }
    },
    /** What has not arrived yet, in either direction. */
    owed(): { statements: number; reports: number } {
      const arrived = new Set(desk.statements());
      return { statements: published.filter((text) => !arrived.has(text)).length, reports: desk.waiting.length };
    },
    heal: (kind?: CentreFaultKind) => centre.faults.clear(kind),
  };
}
