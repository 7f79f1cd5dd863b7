/**
 * A whole office for tests: the real station with its real journal in a folder of its own and its real drivers, the
 * simulated centre and simulated printers in the same process, and people who act at screens and printers.
 *
 *     const office = await openOffice();                   // connected, bundle in force, staff and blanks there
 *     const job = await office.released(0);                // applicant 0: submitted, approved, released
 *     office.sari.binds('counter-1', job, 'U0000001');
 *     office.inserts('counter-1', 'U0000001');
 *     await office.until('ready', () => office.state() === 'ready');
 *     const attempt = await office.sari.prints('counter-1');
 *     ...
 *     expect(office.untruths()).toEqual([]);               // journal against ink
 *     await office.close();
 *
 * Time is virtual unless another one is handed in: nothing moves but by `pass` and `until`. `crash` and `boot` end and
 * begin a life of the station's process; `onBoundary` is called at every commit and effect boundary, and may `crash`.
 */
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ApprovalPolicy,
  CentreProtocol,
  channelTo,
  dataPageInk,
  MANUAL,
  plugOf,
  readMrz,
  SimulatedCentre,
  type SimulatedPrinter,
  simulateTallyPrinter,
  type TallyOptions,
  type TallyPrinter,
} from '../../mocks/index.ts';
import { seededRandom } from '../../mocks/random.ts';
import type { Printer } from '../../src/api/shapes.ts';
import { printerView } from '../../src/api/views.ts';
import { type Config, parseConfig } from '../../src/config/config.ts';
import { type Situation, situationOf } from '../../src/console/situation.ts';
import type { Bitmap } from '../../src/domain/bitmap.ts';
import type { Randomness } from '../../src/domain/world.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { createStation, type Station } from '../../src/station/station.ts';
import { openStationKey } from '../../src/station/station-key.ts';
import { parsePinnedRoots } from '../../src/trust/bundle.ts';
import { publicIdentity } from '../../src/trust/identity.ts';
import { GEOMETRY } from './office/ink.ts';
import { beginLife, type Life, type OfficeClock } from './office/life.ts';
import { hire, type Person, personAt, type StaffName } from './office/people.ts';
import { type OfficeTime, virtualTime } from './office/time.ts';
import { untruthsOf, type Witnessed, witness } from './office/truth.ts';

export { applicant, recordOf } from './office/applicants.ts';
export { sameInk } from './office/ink.ts';
export { given, type Person, refusal, STAFF } from './office/people.ts';
export { type OfficeTime, wallTime } from './office/time.ts';

/** 2026-11-22T02:00:00Z: the applicants' books are issued two days before. */
const EPOCH = Date.UTC(2026, 10, 22, 2);
/** 19,200 baud, 8N1: the most that the printer takes. */
const BYTES_PER_SECOND = 1920;

export interface OfficeOptions {
  /** Default virtual. */
  readonly time?: OfficeTime;
  /** Default one: `counter-1`. */
  readonly printers?: number;
  /** How the simulated printers are; the timing of real ones unless told. */
  readonly tally?: Partial<TallyOptions>;
  /** Default 1920; `null`: as fast as the device takes them. */
  readonly bytesPerSecond?: number | null;
  /** Default `v2`, over the line to the simulated centre; `none`: statements come by import only. */
  readonly central?: 'v2' | 'none';
  /** Default: nobody decides until told to. */
  readonly policy?: ApprovalPolicy;
  /** More lines of station.yaml: `quality: { readBack: optional }`. */
  readonly yaml?: string;
  readonly station?: { readonly id: string; readonly office: string };
  /** Blanks that are received; default `U0000001` to `U0000009`. */
  readonly blanks?: { readonly from: string; readonly to: string };
  readonly seed?: number;
  /** Whether the station is started and waited for until its printers stand idle. Default true. */
  readonly started?: boolean;
  /** Called at every commit and effect boundary (`World.boundary`). */
  readonly onBoundary?: (name: string, office: TestOffice) => void;
}

export class TestOffice {
  readonly time: OfficeTime;
  readonly clock: OfficeClock = { epoch: EPOCH, skew: 0, synchronised: true };
  readonly centre: SimulatedCentre;
  readonly printers: ReadonlyMap<string, SimulatedPrinter<TallyPrinter>>;
  readonly directory: string;
  readonly sari: Person;
  readonly budi: Person;
  readonly dewi: Person;
  readonly tono: Person;
  /** Steps and messages of the devices, without page data. */
  readonly trace: string[] = [];
  readonly #options: OfficeOptions;
  readonly #protocol: CentreProtocol;
  readonly #random: Randomness;
  readonly #witnessed: Witnessed;
  #config: Config;
  #station: Station;
  #life: Life;

  constructor(options: OfficeOptions) {
    this.#options = options;
    this.time = options.time ?? virtualTime();
    this.#random = randomness(options.seed ?? 1);
    const world = {
      clock: { now: () => Math.floor(EPOCH + this.time.now()) },
      timers: this.time,
      random: randomness(2),
    };
    const seed = new Uint8Array(32).fill(5);
    this.centre = new SimulatedCentre({ world, seed, policy: options.policy ?? MANUAL });
    this.#protocol = new CentreProtocol(this.centre);
    this.printers = new Map(
      Array.from({ length: options.printers ?? 1 }, (_, at) => [`counter-${at + 1}`, this.#printer(at)] as const),
    );
    this.directory = mkdtempSync(join(tmpdir(), 'office-'));
    writeFileSync(join(this.directory, 'roots.json'), JSON.stringify(this.centre.issuer.rootsFile()));
    this.#config = this.#configure(options.station ?? { id: 'kng-01', office: 'KNG' });
    this.#witnessed = witness(this);
    [this.#life, this.#station] = this.#begin();
    const person = (name: StaffName) => personAt(() => this.#station, name);
    this.sari = person('sari');
    this.budi = person('budi');
    this.dewi = person('dewi');
    this.tono = person('tono');
  }

  /** The station of this life. */
  get station(): Station {
    return this.#station;
  }

  get journal() {
    return this.#station.core.journal;
  }

  // ---- time ----------------------------------------------------------------------------------------------------

  pass(milliseconds: number): Promise<void> {
    return this.time.pass(milliseconds);
  }

  /** Lets time go by until `condition` holds. @throws Error after `limit` milliseconds (default 30 minutes) of it */
  async until(what: string, condition: () => boolean, limit = 30 * 60_000): Promise<void> {
    for (let passed = 0; !condition(); passed += STEP) {
      if (passed > limit) throw new Error(`not in ${limit / 1000} s: ${what}\n${this.story()}`);
      await this.time.pass(STEP);
    }
  }

  // ---- lives of the station ------------------------------------------------------------------------------------

  /** The process is gone at once, in the middle of whatever it does; the journal has what was committed. */
  crash(how: 'killed' | 'mains' = 'killed'): void {
    this.#life.end(how);
    this.#station.core.journal.close();
  }

  /** Told to stop: finishes or parks what is safe. */
  async stop(): Promise<void> {
    let stopped = false;
    const stopping = this.#station.stop().then(() => {
      stopped = true;
    });
    await this.until('stopped', () => stopped, 10 * 60_000);
    await stopping;
    this.#life.end('killed');
  }

  /** The next life, from the same folder. `as`: somebody changed who the station is. */
  boot(as?: { readonly id: string; readonly office: string }): void {
    if (as !== undefined) this.#config = this.#configure(as);
    [this.#life, this.#station] = this.#begin();
    this.#station.start();
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    if (!this.#life.over) this.crash();
    for (const printer of this.printers.values()) printer.powerOff();
    rmSync(this.directory, { recursive: true, force: true });
  }

  // ---- what the screens show -----------------------------------------------------------------------------------

  /** As `GET /printers/{id}`. */
  view(printer = 'counter-1'): Printer {
    return printerView(this.#station, printer);
  }

  state(printer = 'counter-1'): string {
    return this.view(printer).state;
  }

  /** What the console makes of it. */
  situation(printer = 'counter-1'): Situation {
    return situationOf(this.view(printer));
  }

  jobState(job: string): string | undefined {
    return this.journal.job(job)?.state;
  }

  // ---- hands ---------------------------------------------------------------------------------------------------

  printer(id = 'counter-1'): SimulatedPrinter<TallyPrinter> {
    const printer = this.printers.get(id);
    if (printer === undefined) throw new RangeError(`no printer ${id}`);
    return printer;
  }

  /** Somebody puts a booklet in, opened at its data page. @throws Error where there is one already */
  inserts(printer: string, number: string): void {
    const inserted = this.printer(printer).insertBooklet({ number, pageTopMm: GEOMETRY.pageTopMm });
    if (!inserted.ok) throw new Error(inserted.failure);
  }

  /** Off, some seconds, on again. */
  async switchesOffAndOn(printer: string): Promise<void> {
    this.printer(printer).powerOff();
    await this.pass(2_000);
    this.printer(printer).powerOn();
    await this.pass(5_000);
  }

  /** The document reader reads both lines from the ink of a booklet that is at, or was in, some printer. */
  readsMrz(number: string): readonly [string, string] {
    for (const printer of this.printers.values()) {
      const booklet = printer.booklets.get(number);
      if (booklet !== undefined) return readPage(dataPageInk(booklet));
    }
    throw new RangeError(`nobody has seen booklet ${number}`);
  }

  // ---- the way to a released job -------------------------------------------------------------------------------

  /** Applicant `n` submitted, known to the centre, approved over the line, and released. Gives the job's id. */
  async released(n: number): Promise<string> {
    const { id, application } = this.sari.submits(n);
    await this.until('the centre knows the application', () => this.centre.applications.has(application));
    this.centre.approve(application);
    await this.until('approved', () => this.jobState(id) === 'approved');
    this.dewi.releases(id);
    return id;
  }

  // ---- the truth -----------------------------------------------------------------------------------------------

  /** Where the journal and the physical world contradict each other, or a rule of domain.md is broken. */
  untruths(): Promise<string[]> {
    return untruthsOf(this, this.#witnessed);
  }

  /** What happened, for a failed test. */
  story(lines = 40): string {
    const view = this.view();
    const entries = [...this.journal.entries(0)].slice(-15).map(({ kind, subject }) => `${kind} ${subject}`);
    return [
      ...this.trace.slice(-lines),
      ...entries,
      JSON.stringify({ state: view.state, asks: view.asks, lock: view.lock, reasons: view.reasons }),
      JSON.stringify(this.printer().state()),
    ].join('\n');
  }

  // ---- inside --------------------------------------------------------------------------------------------------

  #printer(at: number): SimulatedPrinter<TallyPrinter> {
    const { tally, bytesPerSecond = BYTES_PER_SECOND } = this.#options;
    return simulateTallyPrinter({
      time: this.time,
      seed: at + 1,
      geometry: { needleMm: GEOMETRY.needleMm, leftMm: GEOMETRY.leftMm },
      ...(bytesPerSecond === null ? {} : { bytesPerSecond }),
      ...tally,
    });
  }

  #configure({ id, office }: { readonly id: string; readonly office: string }): Config {
    const { central = 'v2', yaml = '' } = this.#options;
    const text = `station: { id: ${id}, office: ${office}, timezone: Asia/Pontianak, language: en }
simulated: true
listen: { host: 127.0.0.1, port: 8080 }
data: ./data
central: ${central === 'none' ? '{ protocol: none }' : '{ protocol: v2, url: "http://127.0.0.1:9090", waitSeconds: 20 }'}
trust: { roots: ./roots.json }
printers:
${[...this.printers.keys()].map((printer) => `  - { id: ${printer}, driver: tally-csi, connection: { simulator: ${printer} }, geometry: ${JSON.stringify(GEOMETRY)} }`).join('\n')}
${yaml}`;
    const config = parseConfig(text, join(this.directory, 'station.yaml'));
    if (!config.ok) throw new Error(JSON.stringify(config.failure));
    return config.value;
  }

  #begin(): [Life, Station] {
    const life = beginLife({
      time: this.time,
      clock: this.clock,
      random: this.#random,
      central: channelTo(this.#protocol),
      boundary: (name) => this.#options.onBoundary?.(name, this),
    });
    const { world } = life;
    const identity = openStationKey(this.#config.data, this.#config.station, world.random);
    if (!identity.ok) throw new Error(identity.failure.detail);
    this.centre.enrol(publicIdentity(identity.value));
    const pinned = parsePinnedRoots(Buffer.from(JSON.stringify(this.centre.issuer.rootsFile())));
    if (!pinned.ok) throw new Error(pinned.failure.detail);
    const journal = openJournal(this.#config.data, world);
    const station = createStation({
      config: this.#config,
      world,
      journal,
      identity: identity.value,
      pinned: pinned.value,
      version: 'test',
      simulators: (name) => {
        const device = this.printers.get(name);
        return device && life.plug(plugOf(device.line));
      },
      trace: (printer, direction, text) =>
        this.trace.push(`${Math.round(this.time.now())} ${printer} ${direction} ${text}`),
    });
    this.#witnessed.follow(station);
    return [life, station];
  }
}

const readings = new Map<string, readonly [string, string]>();

/** Reads each picture once a process: looking for characters takes a tenth of a second. */
function readPage(page: Bitmap): readonly [string, string] {
  const key = hash('sha256', page.data);
  const lines = readings.get(key) ?? readMrz(page).lines;
  readings.set(key, lines);
  return lines;
}

/** Milliseconds between two looks. */
const STEP = 100;

function randomness(seed: number): Randomness {
  const random = seededRandom(seed);
  return { bytes: (length) => random.bytes(length), id: () => Buffer.from(random.bytes(12)).toString('hex') };
}

/** Opens an office; unless told otherwise its station is running, with staff, blanks and an idle printer. */
export async function openOffice(options: OfficeOptions = {}): Promise<TestOffice> {
  const office = new TestOffice(options);
  await hire(office.station);
  const { from, to } = options.blanks ?? { from: 'U0000001', to: 'U0000009' };
  office.dewi.receivesBooklets(from, to);
  if (options.started === false) return office;
  office.station.start();
  if (options.central === 'none') office.sari.imports(JSON.stringify(office.centre.bundle()));
  await office.until('the trust bundle is in force', () => office.journal.station().bundle !== null);
  for (const id of office.printers.keys()) await office.until(`${id} is idle`, () => office.state(id) === 'idle');
  return office;
}
