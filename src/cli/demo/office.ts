/** A whole simulated office in this process: centre, printers, applicants, people. Nothing of it is real. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AUTOMATIC,
  CentreProtocol,
  type CentreServer,
  fictitiousApplicants,
  keptIdentity,
  realTime,
  recordBytes,
  SimulatedCentre,
  type SimulatedPrinter,
  serveCentre,
  simulateTallyPrinter,
} from '../../../mocks/index.ts';
import { type Config, parseConfig } from '../../config/config.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { Actor, Role } from '../../domain/people.ts';
import { receiveBooklets } from '../../station/acts/booklets.ts';
import { receiveJob } from '../../station/acts/jobs.ts';
import { addPerson } from '../../station/acts/people.ts';
import { perform } from '../../station/core.ts';
import type { Station } from '../../station/station.ts';
import { realClock, realRandomness, realTimers } from '../../station/world.ts';
import { publicIdentity } from '../../trust/identity.ts';

/** People of the simulated office; their PINs are printed at the start. */
export const PEOPLE: readonly { readonly name: string; readonly pin: string; readonly roles: readonly Role[] }[] = [
  { name: 'sari', pin: '271828', roles: ['operator'] },
  { name: 'budi', pin: '314159', roles: ['operator', 'quality'] },
  { name: 'dewi', pin: '161803', roles: ['supervisor', 'quality'] },
  { name: 'tono', pin: '141421', roles: ['technician'] },
  { name: 'ayu', pin: '577215', roles: ['auditor'] },
];

const PRINTERS = ['counter-1', 'counter-2', 'counter-3'] as const;
const APPLICANTS = 24;
const BLANKS = { from: 'U0000001', to: 'U0000060', delivery: 'SIM-2026-001' } as const;

/** A page in a few seconds: slow enough to watch, fast enough to wait for. */
const DEMO_TIMING = {
  bootMs: 800,
  feedInMs: 600,
  moveMs: 8,
  perDotMs: 0.1,
  lineMs: 20,
  perColumnMs: 0.1,
  ejectMs: 500,
};

export interface SimulatedOffice {
  readonly config: Config;
  readonly centre: CentreProtocol;
  readonly server: CentreServer;
  readonly printers: ReadonlyMap<string, SimulatedPrinter>;
  close(): Promise<void>;
}

/** Builds the office below `directory`; `port` is the console's. */
export async function openOffice(directory: string, port: number): Promise<SimulatedOffice> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const world = { clock: realClock(), timers: realTimers, random: realRandomness };
  const kept = keptIdentity(join(directory, 'centre'), realRandomness);
  const simulated = new SimulatedCentre({
    ...kept,
    roots: 2,
    threshold: 2,
    world,
    policy: { ...AUTOMATIC, delaySeconds: [1, 6] },
  });
  const centre = new CentreProtocol(simulated);
  const server = await serveCentre(centre);
  writeFileSync(join(directory, 'roots.json'), JSON.stringify(simulated.issuer.rootsFile()));
  const file = join(directory, 'station.yaml');
  const text = stationYaml(port, server.url);
  writeFileSync(file, text);
  const config = parseConfig(text, file);
  if (!config.ok)
    throw new Refusal(problem('PST-701', config.failure.map(({ path, message }) => `${path}: ${message}`).join('; ')));
  const time = realTime();
  const printers = new Map(
    PRINTERS.map((id, index) => [id, simulateTallyPrinter({ time, seed: index + 1, timing: DEMO_TIMING })] as const),
  );
  return {
    config: config.value,
    centre,
    server,
    printers,
    async close() {
      for (const printer of printers.values()) printer.powerOff();
      await server.close();
    },
  };
}

const stationYaml = (port: number, centre: string): string => `# A simulated office. Every page and screen says so.
station: { id: sim-01, office: SIM, timezone: Asia/Pontianak, language: id }
simulated: true
listen: { host: 127.0.0.1, port: ${port} }
data: ./data
central: { protocol: v2, url: "${centre}", waitSeconds: 10 }
trust: { roots: ./roots.json }
session: { idleMinutes: 60 }
printers:
${PRINTERS.map((id) => `  - { id: ${id}, driver: tally-csi, connection: { simulator: ${id} } }`).join('\n')}
`;

const DEMO: Actor = { kind: 'local', name: 'demo' };

/** The centre must know the station before it hears of it. */
export const enrol = (station: Station, office: SimulatedOffice): void =>
  office.centre.centre.enrol(publicIdentity(station.core.identity));

/** People and blanks of a new office; an office that has them keeps its own. */
export async function furnish({ core }: Station): Promise<void> {
  for (const { name, roles, pin } of PEOPLE)
    if (core.journal.person(name) === undefined) await addPerson(core, DEMO, name, roles, pin);
  if (core.journal.booklet(BLANKS.from) === undefined)
    perform(core, DEMO, 'receive-booklets', receiveBooklets(core, BLANKS.from, BLANKS.to, BLANKS.delivery));
}

/** Applicants come in one by one, where none has come before. */
export async function takeApplicants({ core }: Station): Promise<void> {
  if (core.journal.jobs({ limit: 1 }).items.length > 0) return;
  for (const applicant of fictitiousApplicants(7, APPLICANTS)) {
    const { family } = applicant;
    const intake = {
      priority: 'normal',
      priorityReason: null,
      family,
      travelDate: null,
      intakeAt: null,
      referredFrom: null,
    } as const;
    const received = perform(core, DEMO, 'receive', receiveJob(core, recordBytes(applicant), intake));
    if (!received.ok) throw new Refusal(received.failure);
    // The service answers between two records.
    await new Promise<void>((resolve) => realTimers.after(0, resolve));
  }
}
