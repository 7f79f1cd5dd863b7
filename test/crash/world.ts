/** What stays when the station dies: the printer with its booklets and their ink, the centre with what it was told. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AUTOMATIC,
  CentreProtocol,
  type CentreServer,
  QUICK_TIMING,
  realTime,
  SimulatedCentre,
  type SimulatedPrinter,
  serveCentre,
  simulateTallyPrinter,
  type TcpMount,
} from '../../mocks/index.ts';
import { loadConfig } from '../../src/config/config.ts';
import { receiveBooklets } from '../../src/station/acts/booklets.ts';
import { addPerson } from '../../src/station/acts/people.ts';
import { perform } from '../../src/station/core.ts';
import { openStation } from '../../src/station/open.ts';
import { realClock, realRandomness, realTimers } from '../../src/station/world.ts';
import { publicIdentity } from '../../src/trust/identity.ts';

const CHILD = fileURLToPath(new URL('./station-process.ts', import.meta.url));

export const PEOPLE = { operator: 'sari', supervisor: 'dewi', pin: '271828' } as const;
const BOOKLETS = { from: 'C0000001', to: 'C0000009', delivery: 'CRASH' } as const;

export interface CrashWorld {
  readonly directory: string;
  readonly centre: SimulatedCentre;
  readonly printer: SimulatedPrinter;
  /** Starts the service; `target`: the boundary at which it kills itself. */
  start(target?: string): Promise<StationProcess>;
  /** Boundaries crossed by all processes so far. */
  crossed(): string[];
  close(): Promise<void>;
}

export interface StationProcess {
  readonly address: string;
  readonly process: ChildProcess;
  /** Resolves with the signal or code once the process has ended. */
  readonly ended: Promise<string>;
}

/** A centre and a printer of their own, and a station folder with people and blanks. */
export async function crashWorld(): Promise<CrashWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'station-crash-'));
  const world = { clock: realClock(), timers: realTimers, random: realRandomness };
  const centre = new SimulatedCentre({
    seed: new Uint8Array(32).fill(7),
    roots: 2,
    threshold: 2,
    world,
    policy: { ...AUTOMATIC, delaySeconds: [0, 0] },
  });
  const server: CentreServer = await serveCentre(new CentreProtocol(centre));
  const printer = simulateTallyPrinter({ time: realTime(), seed: 1, timing: QUICK_TIMING });
  const mount: TcpMount = await printer.listenTcp();
  const file = join(directory, 'station.yaml');
  writeFileSync(join(directory, 'roots.json'), JSON.stringify(centre.issuer.rootsFile()));
  writeFileSync(
    file,
    `station: { id: crash-01, office: CRA, timezone: Asia/Jakarta, language: en }
listen: { host: 127.0.0.1, port: 0 }
data: ./data
central: { protocol: v2, url: "${server.url}", waitSeconds: 5 }
trust: { roots: ./roots.json }
printers:
  - { id: p1, driver: tally-csi, connection: { tcp: "127.0.0.1:${mount.port}" } }
`,
  );
  await furnish(file, centre);
  const log = join(directory, 'boundaries.log');
  const children = new Set<ChildProcess>();
  return {
    directory,
    centre,
    printer,
    async start(target = '') {
      const child = spawn(process.execPath, [CHILD, file, log, target], { stdio: ['ignore', 'pipe', 'pipe'] });
      children.add(child);
      const errors: string[] = [];
      child.stderr?.on('data', (bytes: Buffer) => errors.push(bytes.toString()));
      const ended = once(child, 'exit').then(([code, signal]) => {
        children.delete(child);
        const how = String(signal ?? code);
        if (how !== 'SIGKILL' && how !== '0') throw new Error(`the service ended with ${how}: ${errors.join('')}`);
        return how;
      });
      ended.catch(() => undefined);
      const address = await Promise.race([
        once(child.stdout as NonNullable<typeof child.stdout>, 'data').then(([bytes]) => String(bytes).trim()),
        ended.then(() => ''),
      ]);
      return { address, process: child, ended };
    },
    crossed: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await mount.close();
      printer.powerOff();
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** People and blanks are made once and copied: what is walked is the way of a book, not the set-up. */
let template: string | null = null;

async function furnish(file: string, centre: SimulatedCentre): Promise<void> {
  const config = loadConfig(file);
  if (!config.ok) throw new Error(JSON.stringify(config.failure));
  if (template === null) {
    const opened = openStation(config.value, { version: 'crash-test' });
    if (!opened.ok) throw new Error(opened.failure.detail);
    const { core } = opened.value;
    const local = { kind: 'local', name: 'test' } as const;
    await addPerson(core, local, PEOPLE.operator, ['operator'], PEOPLE.pin);
    await addPerson(core, local, PEOPLE.supervisor, ['supervisor', 'quality', 'operator'], PEOPLE.pin);
    perform(core, local, 'receive-booklets', receiveBooklets(core, BOOKLETS.from, BOOKLETS.to, BOOKLETS.delivery));
    core.journal.close();
    template = mkdtempSync(join(tmpdir(), 'station-crash-template-'));
    process.once('exit', () => rmSync(template as string, { recursive: true, force: true }));
    cpSync(config.value.data, template, { recursive: true });
  } else {
    mkdirSync(config.value.data, { recursive: true, mode: 0o700 });
    cpSync(template, config.value.data, { recursive: true });
  }
  const opened = openStation(config.value, { version: 'crash-test' });
  if (!opened.ok) throw new Error(opened.failure.detail);
  centre.enrol(publicIdentity(opened.value.core.identity));
  opened.value.core.journal.close();
}
