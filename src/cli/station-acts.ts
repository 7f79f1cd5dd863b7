/** What the command line does at a station: one table, whether a service runs or not. */
import { z } from 'zod';
import { intakeRequest } from '../api/shapes.ts';
import { type Problem, problem, Refusal } from '../domain/errors.ts';
import { type Actor, ROLES, type Role } from '../domain/people.ts';
import type { Result } from '../domain/result.ts';
import type { PersonRow } from '../journal/queries.ts';
import { receiveJob } from '../station/acts/jobs.ts';
import { addPerson, disablePerson } from '../station/acts/people.ts';
import { centralDesk } from '../station/central-desk.ts';
import { perform, requireAct } from '../station/core.ts';
import { receiveStatement } from '../station/desk.ts';
import type { Station } from '../station/station.ts';
import { applicantStatus } from './applicant-status.ts';

/** `carryOut` throws `Refusal` for what a person or a file caused; what it returns goes through JSON unharmed. */
const act = <Schema extends z.ZodType, Outcome>(
  given: Schema,
  carryOut: (station: Station, given: z.output<Schema>, actor: Actor) => Outcome | Promise<Outcome>,
) => ({ given, carryOut });

const nothing = z.strictObject({});

export const STATION_ACTS = {
  'user.add': act(
    z.strictObject({ name: z.string(), roles: z.array(z.enum(ROLES)).min(1), pin: z.string() }),
    async ({ core }, { name, roles, pin }, actor) => personOf(done(await addPerson(core, actor, name, roles, pin))),
  ),
  'user.list': act(nothing, ({ core }) => core.journal.people().map(personOf)),
  'user.disable': act(z.strictObject({ name: z.string() }), ({ core }, { name }, actor) =>
    personOf(done(perform(core, actor, 'disable-person', disablePerson(name)))),
  ),

  submit: act(z.strictObject({ record: z.base64(), intake: intakeRequest }), ({ core }, { record, intake }, actor) => {
    requireAct(actor, 'job.receive');
    const receive = receiveJob(core, Buffer.from(record, 'base64'), {
      priority: intake.priority,
      priorityReason: intake.priorityReason ?? null,
      family: intake.family ?? null,
      travelDate: intake.travelDate ?? null,
      intakeAt: intake.intakeAt ?? null,
      referredFrom: intake.referredFrom ?? null,
    });
    const { job, again } = done(perform(core, actor, 'receive', receive));
    return { job: job.id, application: job.application, state: job.state, again };
  }),

  'statements.import': act(
    z.strictObject({ statements: z.array(z.string()).max(1000) }),
    ({ core }, { statements }, actor) => {
      requireAct(actor, 'statement.import');
      return done(
        perform(core, actor, 'import', (tx) => statements.map((text) => receiveStatement(core, tx, text, 'import'))),
      );
    },
  ),
  'statements.export': act(nothing, ({ core }) =>
    centralDesk(core)
      .waitingReports(core.journal.outboxCounts().waiting)
      .map(({ text }) => text),
  ),

  status: act(z.strictObject({ application: z.string() }), ({ core }, { application }) => {
    const job = core.journal.jobOfApplication(application);
    if (job === undefined) throw new Refusal(problem('PST-401', `application ${application}`));
    const { timezone, language } = core.settings.station;
    return applicantStatus(job, { now: core.world.clock.now(), timezone, language });
  }),

  'journal.rebuild-check': act(nothing, ({ core }) => core.journal.rebuildCheck()),
};

type Acts = typeof STATION_ACTS;
export type ActName = keyof Acts;

/** Does one act at the station. @throws Refusal */
export type ActOnStation = <Name extends ActName>(
  act: Name,
  given: z.input<Acts[Name]['given']>,
) => Promise<Awaited<ReturnType<Acts[Name]['carryOut']>>>;

const request = z.strictObject({
  act: z.enum(Object.keys(STATION_ACTS) as [ActName, ...ActName[]]),
  arguments: z.unknown(),
  user: z.string().min(1).max(256),
});

/** Carries out `{act, arguments, user}` as `local:<user>`. @throws Refusal PST-601 where it is no such request */
export async function carryOut(station: Station, asked: unknown): Promise<unknown> {
  const { act: name, arguments: given, user } = fitting(request, asked, '');
  const chosen = STATION_ACTS[name] as { given: z.ZodType; carryOut: (...of: unknown[]) => unknown };
  const actor: Actor = { kind: 'local', name: user };
  return await chosen.carryOut(station, fitting(chosen.given, given, 'arguments'), actor);
}

function fitting<Schema extends z.ZodType>(schema: Schema, value: unknown, at: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: [at, ...path.map(String)].filter((part) => part !== '').join('.'),
    message,
  }));
  throw new Refusal(problem('PST-601', 'the act is not as described', { errors }));
}

function done<Value>(result: Result<Value, Problem>): Value {
  if (!result.ok) throw new Refusal(result.failure);
  return result.value;
}

const personOf = ({ name, roles, disabled }: PersonRow): { name: string; roles: Role[]; disabled: boolean } => ({
  name,
  roles,
  disabled,
});
