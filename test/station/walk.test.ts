import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/errors.ts';
import type { JobState } from '../../src/domain/job.ts';
import type { JobRow } from '../../src/journal/queries.ts';
import { resumeJob } from '../../src/station/acts/jobs.ts';
import { printerFacts } from '../../src/station/acts/printing.ts';
import { perform } from '../../src/station/core.ts';
import { GEOMETRY } from './office/ink.ts';
import { inkOfAttempt } from './office/truth.ts';
import { openOffice, type TestOffice } from './office.ts';

const PRINTERS = ['counter-1', 'counter-2'] as const;
const BOOKLETS = Array.from({ length: 9 }, (_, n) => `U000000${n + 1}`);
const OPEN = new Set(['intended', 'sending', 'confirming']);

/** What must hold of the journal after every act (I3, I5, I6), and between the journal and the machines. */
function faults(office: TestOffice): string[] {
  const { journal, station } = office;
  const wrong: string[] = [];
  const jobs = journal.jobs({ limit: 1000 }).items;
  const attempts = jobs.flatMap(({ id }) => journal.attemptsOf(id));
  const bindings = PRINTERS.flatMap((id) => journal.liveBinding(id) ?? []);
  const counts = journal.bookletCounts();
  if (Object.values(counts).reduce((sum, n) => sum + n, 0) !== BOOKLETS.length)
    wrong.push(`counts ${JSON.stringify(counts)}`);
  for (const number of BOOKLETS) {
    const state = journal.booklet(number)?.state;
    const live = bindings.filter(({ booklet }) => booklet === number).length;
    const taken = attempts.filter((one) => one.booklet === number && one.state !== 'not-printed');
    if (taken.length > 1) wrong.push(`${number} has ${taken.length} attempts`);
    const [one] = taken;
    const expected =
      one === undefined
        ? live > 0
          ? 'bound'
          : null
        : OPEN.has(one.state)
          ? 'bound'
          : one.state === 'printed'
            ? 'good'
            : one.state;
    if (expected === null ? state !== 'in-stock' && state !== 'spoiled' : state !== expected)
      wrong.push(`${number} is ${state}, attempt ${one?.state}, ${live} bindings`);
    if (live > 0 && one !== undefined && !OPEN.has(one.state)) wrong.push(`${number} is bound and ${one.state}`);
  }
  for (const job of jobs) {
    const binding = journal.liveBindingOfJob(job.id);
    const own = journal.attemptsOf(job.id);
    const open = own.filter(({ state }) => OPEN.has(state)).length;
    if ((job.state === 'bound' || job.state === 'printing') !== (binding !== undefined))
      wrong.push(`job is ${job.state}, binding ${binding?.booklet}`);
    if (binding !== undefined && (job.booklet !== binding.booklet || job.printer !== binding.printer))
      wrong.push(`job stands on ${job.booklet}, bound ${binding.booklet}`);
    if ((job.state === 'printing') !== (open === 1)) wrong.push(`job is ${job.state} with ${open} open attempts`);
    if ((job.state === 'in-doubt') !== own.some(({ state }) => state === 'in-doubt'))
      wrong.push(`job is ${job.state}, attempts ${own.map(({ state }) => state)}`);
    if (job.state === 'released' && job.approval === null) wrong.push('released without an approval');
    if (['awaiting-approval', 'rejected', 'cancelled', 'referred'].includes(job.state) && binding)
      wrong.push(`bound while ${job.state}`);
  }
  for (const attempt of attempts)
    if (OPEN.has(attempt.state) && !station.printer(attempt.printer).view.state.startsWith('printing'))
      wrong.push(`attempt ${attempt.state}, and nobody prints it: the printer is ${office.state(attempt.printer)}`);
  for (const attempt of attempts)
    if (attempt.state === 'in-doubt' && journal.printer(attempt.printer).lock_attempt !== attempt.id)
      wrong.push(`attempt in doubt, its printer's lock is ${journal.printer(attempt.printer).lock_attempt}`);
  for (const id of PRINTERS) {
    const facts = JSON.stringify(printerFacts(journal, id));
    const held = JSON.stringify(station.printer(id).snapshot.context.facts);
    if (facts !== held) wrong.push(`${id}: journal ${facts}, machine ${held}`);
  }
  return wrong;
}

type Step = (office: TestOffice, pick: number) => unknown;

const jobsIn = (office: TestOffice, ...states: JobState[]) => office.journal.jobs({ limit: 100, states }).items;
/** Any job: the walk begins with three. */
const job = (office: TestOffice, pick: number): JobRow => {
  const { items } = office.journal.jobs({ limit: 100 });
  return items[pick % items.length] as JobRow;
};
const at = (pick: number) => PRINTERS[pick % 2] as string;
const booklet = (pick: number) => BOOKLETS[pick % BOOKLETS.length] as string;
/** The centre approves, where it knows the application already; the statement comes on a stick. */
function approves(office: TestOffice, { application, spent_approval }: JobRow): void {
  if (office.centre.applications.has(application))
    office.sari.imports(office.centre.approve(application, { publish: false, replaces: spent_approval }));
}

/** The blanks lie in two drawers, one at each counter. */
const drawer = (printer: string) => (printer === 'counter-1' ? BOOKLETS.slice(0, 5) : BOOKLETS.slice(5));

/** What befalls a page on its way, in half of the prints. */
const HAZARDS: readonly (Step | null)[] = [
  null,
  (o, p) => STEPS.crash?.(o, p >> 3),
  null,
  async (o, p) => {
    o.printer(at(p)).pressStop();
    await o.pass(2_000);
    o.printer(at(p)).unplug();
    await o.pass(2_000);
  },
  null,
  async (o, p) => {
    o.printer(at(p)).pressStop();
    await o.pass(2_000);
    STEPS.crash?.(o, 0);
    // People look at the booklet before anybody has looked at the printer.
    await STEPS.settle?.(o, 1);
    o.printer(at(p)).pressStart();
    await o.pass(30_000);
  },
  null,
  (o, p) => STEPS.cancel?.(o, p),
];

const STEPS: Record<string, Step> = {
  pass: (o, p) => o.pass([50, 1_000, 5_000, 20_000, 60_000][p % 5] as number),
  'pass long': (o) => o.pass(120_000),
  submit: (o, p) => o.sari.submits(p % 4),
  approve: (o, p) => approves(o, job(o, p)),
  release: (o, p) => o.dewi.releases(job(o, p).id),
  'release all': (o) => o.dewi.releases(...o.journal.jobs({ limit: 100 }).items.map(({ id }) => id)),
  bind: (o, p) => {
    const released = jobsIn(o, 'released')[0];
    if (released) o.sari.binds(at(p), released.id, drawer(at(p))[p % 4] as string);
  },
  'bind any': (o, p) => o.sari.binds(at(p), job(o, p >> 1).id, booklet(p >> 3)),
  unbind: (o, p) => o.sari.unbinds(at(p)),
  insert: (o, p) => {
    const number = o.journal.liveBinding(at(p))?.booklet;
    if (number && drawer(at(p)).includes(number))
      o.printer(at(p)).insertBooklet({ number, pageTopMm: GEOMETRY.pageTopMm });
  },
  remove: (o, p) => {
    if (o.printer(at(p)).device.booklet) o.printer(at(p)).removeBooklet();
  },
  print: (o, p) => {
    const binding = o.journal.liveBinding(at(p));
    if (binding && o.printer(at(p)).device.booklet?.number === binding.booklet) return o.budi.prints(at(p), binding.id);
  },
  'print twice': (o, p) => {
    const binding = o.journal.liveBinding(at(p));
    if (binding && o.printer(at(p)).device.booklet?.number === binding.booklet)
      return Promise.all([o.budi.prints(at(p), binding.id), o.sari.prints(at(p), binding.id)]);
  },
  'print, revoked while intending': (o, p) => {
    const binding = o.journal.liveBinding(at(p));
    if (binding === undefined || o.printer(at(p)).device.booklet?.number !== binding.booklet) return;
    const printing = o.budi.prints(at(p), binding.id);
    const approval = o.journal.job(binding.job)?.approval;
    if (approval) o.sari.imports(o.centre.revoke({ approval }));
    return printing;
  },
  confirm: (o, p) => {
    const step = o.view(at(p)).asks[0];
    const there = o.printer(at(p)).device.booklet;
    if (step === 'booklet-inserted' && there?.number !== o.journal.liveBinding(at(p))?.booklet) return;
    if (step === 'booklet-removed' && there !== null) return;
    if (step === 'purged') return;
    if (step) o.sari.confirms(at(p), step);
  },
  purge: async (o, p) => {
    if (!o.view(at(p)).asks.includes('purged')) return;
    if (o.printer(at(p)).device.booklet) o.printer(at(p)).removeBooklet();
    o.printer(at(p)).powerOff();
    o.sari.confirms(at(p), 'purged');
    await o.pass(1_000);
    o.printer(at(p)).powerOn();
  },
  /** The main path as far as a random moment of it. */
  serve: async (o, p) => {
    const id = at(p);
    for (const one of jobsIn(o, 'awaiting-approval')) {
      await o.pass(5_000);
      approves(o, one);
    }
    const approved = jobsIn(o, 'approved');
    if (approved.length > 0) o.dewi.releases(...approved.map((one) => one.id));
    for (let n = 0; n < 20 && o.state(id) !== 'ready'; n++) {
      const screen = o.view(id);
      if (!o.printer(id).line.plugged) o.printer(id).replug();
      if (o.printer(id).device.snapshot().stops.length > 0) o.printer(id).pressStart();
      if (screen.paused) o.sari.tells(id, 'RESUME');
      if (o.journal.liveBinding(id) === undefined) {
        if (o.printer(id).device.booklet) o.printer(id).removeBooklet();
        const owed = o.journal.owesReadBack(id);
        const read = owed && o.journal.attempt(owed)?.booklet;
        if (owed && read) o.sari.readsBack(owed, o.readsMrz(read));
        const released = jobsIn(o, 'released')[0];
        const free = drawer(id).find((number) => o.journal.booklet(number)?.state === 'in-stock');
        if (released && free && o.state(id) === 'idle') o.sari.binds(id, released.id, free);
      } else if (o.state(id) === 'awaitingBooklet' && o.printer(id).device.booklet === null) {
        await STEPS.insert?.(o, p);
      } else await STEPS.confirm?.(o, p);
      await o.pass(2_000);
    }
    if (o.state(id) === 'ready') {
      await STEPS[p % 7 === 0 ? 'print, revoked while intending' : p % 5 === 0 ? 'print twice' : 'print']?.(o, p);
      await o.pass(p * 40);
      await HAZARDS[p % HAZARDS.length]?.(o, p);
    }
  },
  cancel: (o, p) => o.sari.tells(at(p), 'CANCEL'),
  eject: (o, p) => o.sari.tells(at(p), 'EJECT'),
  pause: (o, p) => o.sari.tells(at(p), 'PAUSE'),
  resume: (o, p) => o.sari.tells(at(p), 'RESUME'),
  retry: (o, p) => o.sari.tells(at(p), 'RETRY_CONNECT'),
  stop: (o, p) => o.printer(at(p)).pressStop(),
  start: (o, p) => o.printer(at(p)).pressStart(),
  'off and on': (o, p) => o.switchesOffAndOn(at(p)),
  unplug: (o, p) => o.printer(at(p)).unplug(),
  replug: (o, p) => o.printer(at(p)).replug(),
  crash: (o, p) => {
    o.crash(p % 2 === 0 ? 'killed' : 'mains');
    o.boot();
  },
  settle: async (o, p) => {
    const open = jobsIn(o, 'in-doubt')
      .flatMap(({ id }) => o.journal.attemptsOf(id))
      .filter(({ state }) => state === 'in-doubt');
    const attempt = open[p % Math.max(1, open.length)];
    if (attempt === undefined) return;
    const ink = await inkOfAttempt(o, attempt);
    const resolved = o.sari.resolves(
      attempt.id,
      p % 5 === 0 ? 'spoiled' : ink === 'none' ? 'blank' : ink === 'whole' ? 'printed' : 'spoiled',
    );
    if (resolved.kind === 'sign-off') await o.dewi.signs(resolved.signOff.id);
  },
  'read back': (o, p) => {
    const owed = o.journal.owesReadBack(at(p));
    const number = owed && o.journal.attempt(owed)?.booklet;
    if (owed && number) o.sari.readsBack(owed, o.readsMrz(number));
  },
  spoil: async (o, p) => {
    const asked = o.sari.asksToSpoil(booklet(p));
    await o.dewi.signs(asked.id);
  },
  hold: (o, p) => o.dewi.holds(job(o, p).id),
  'resume job': (o, p) => perform(o.station.core, o.dewi.actor, 'resume', resumeJob(o.station.core, job(o, p).id)),
  'cancel job': (o, p) => o.dewi.cancels(job(o, p).id),
  refer: (o, p) => p % 3 === 0 && o.dewi.refers(job(o, p).id),
  revoke: (o, p) => {
    const { approval } = job(o, p);
    if (approval) o.sari.imports(o.centre.revoke({ approval }));
  },
  'revoke a booklet': (o, p) => p % 4 === 0 && o.sari.imports(o.centre.revoke({ booklet: booklet(p) })),
  reject: (o, p) => {
    const { application } = job(o, p);
    if (o.centre.applications.has(application)) o.sari.imports(o.centre.reject(application));
  },
  quality: (o, p) => o.dewi.checksQuality(job(o, p).id, p % 4 === 0 ? 'fail' : 'pass'),
  'hand over': (o, p) => o.sari.handsOver(job(o, p).id),
};
/** So that most walks get as far as a page. */
const OFTEN = [
  'serve',
  'serve',
  'serve',
  'serve',
  'serve',
  'serve',
  'serve',
  'serve',
  'pass',
  'pass',
  'pass',
  'approve',
  'approve',
  'release all',
  'bind',
  'bind',
  'bind',
  'insert',
  'insert',
  'insert',
  'confirm',
  'confirm',
  'print',
  'print',
  'print',
  'settle',
  'settle',
  'remove',
  'remove',
  'replug',
  'start',
  'read back',
  'purge',
  'submit',
];
const NAMES = [...Object.keys(STEPS), ...OFTEN, ...OFTEN];

describe('a walk of people, devices and failing power', () => {
  it('never leaves the journal in contradiction with itself, the machines or the ink', async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.nat(999)), { minLength: 60, maxLength: 140, size: 'max' }),
        async (walk) => {
          const office = await openOffice({ printers: 2 });
          const done: string[] = [];
          try {
            for (let n = 0; n < 3; n++) await office.released(n);
            for (const [name, pick] of walk) {
              done.push(`${name} ${pick}`);
              try {
                await STEPS[name]?.(office, pick);
              } catch (error) {
                // The screen says no: nothing has happened, which is what is looked at next.
                if (!(error instanceof Refusal)) throw error;
              }
              const wrong = faults(office);
              if (wrong.length > 0) throw new Error(wrong.join('\n'));
            }
            const untruths = await office.untruths();
            if (untruths.length > 0) throw new Error(untruths.join('\n'));
            for (const { id } of office.journal.jobs({ limit: 100 }).items)
              for (const { state } of office.journal.attemptsOf(id)) reached.add(state);
          } catch (error) {
            (error as Error).message += `\n${done.join('; ')}`;
            throw error;
          } finally {
            await office.close();
          }
        },
      ),
      { numRuns: Number(process.env.WALKS ?? 12), seed: Number(process.env.SEED ?? 1), endOnFailure: true },
    );
    // A walk that never comes to a page shows nothing.
    expect([...reached]).toEqual(expect.arrayContaining(['printed', 'spoiled', 'not-printed']));
  }, 120_000);
});
