import { z } from 'zod';
import { problem, Refusal } from '../../domain/errors.ts';
import { JOB_STATES, type JobState } from '../../domain/job.ts';
import {
  cancelJob,
  checkQuality,
  handOver,
  holdJob,
  prioritiseJob,
  receiveJob,
  referJob,
  resumeJob,
  setFamilyPolicy,
} from '../../station/acts/jobs.ts';
import { release } from '../../station/acts/release.ts';
import type { JobRow } from '../../station/reading.ts';
import { jobsByName } from '../name-search.ts';
import type { Routing } from '../server.ts';
import {
  familyPolicyRequest,
  family as familyShape,
  handOverRequest,
  intakeRequest,
  jobDetail,
  jobHolder,
  jobRequest,
  jobSearchRequest,
  job as jobShape,
  list,
  priorityRequest,
  qualityRequest,
  reasonRequest,
  referRequest,
  releaseRequest,
  release as releaseShape,
  resumeRequest,
} from '../shapes.ts';
import { familyView, holderView, jobDetailView, jobView } from '../views.ts';

const id = z.object({ id: z.string().max(64) });
const jobList = list(jobShape);
const query = z.strictObject({
  state: z.string().max(400).optional(),
  family: z.string().max(64).optional(),
  q: z.string().max(64).optional(),
  overdue: z.stringbool().optional(),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Canonical base64url only: the same bytes must not arrive in two spellings. */
function recordBytes(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text)
    throw new Refusal(
      problem('PST-601', 'the record is not base64url', {
        errors: [{ path: 'record', message: 'is not canonical base64url' }],
      }),
    );
  return bytes;
}

function statesOf(text: string | undefined): readonly JobState[] | undefined {
  if (text === undefined || text === '') return undefined;
  const states = text.split(',');
  const unknown = states.find((state) => !(JOB_STATES as readonly string[]).includes(state));
  if (unknown !== undefined)
    throw new Refusal(
      problem('PST-601', 'no such state', {
        errors: [{ path: 'state', message: `is one of ${JOB_STATES.join(', ')}` }],
      }),
    );
  return states as JobState[];
}

export function jobRoutes({ app, station, answers }: Routing): void {
  const { core } = station;
  const seen = (row: JobRow) => ({ status: 200, body: jobView(station, row) });
  const find = (jobId: string): JobRow => {
    const row = core.journal.job(jobId);
    if (row === undefined) throw new Refusal(problem('PST-401', `job ${jobId}`));
    return row;
  };

  app.post(
    '/jobs',
    { config: { act: 'job.receive' }, schema: { body: jobRequest, response: { 201: jobShape, 200: jobShape } } },
    (request, reply) => {
      const intake = intakeRequest.parse(request.body.intake ?? {});
      const receive = receiveJob(core, recordBytes(request.body.record), {
        priority: intake.priority,
        priorityReason: intake.priorityReason ?? null,
        family: intake.family ?? null,
        travelDate: intake.travelDate ?? null,
        intakeAt: intake.intakeAt ?? null,
        referredFrom: intake.referredFrom ?? null,
      });
      return answers.carryOut(request, reply, 'receive', receive, ({ job, again }) => ({
        status: again ? 200 : 201,
        body: jobView(station, job),
      }));
    },
  );

  app.get(
    '/jobs',
    { config: { act: 'job.read' }, schema: { querystring: query, response: { 200: jobList } } },
    (request) => {
      const { state, family, q, overdue, cursor, limit } = request.query;
      const states = statesOf(state);
      const found = core.journal.jobs({
        limit,
        ...(states === undefined ? {} : { states }),
        ...(family === undefined ? {} : { family }),
        ...(q === undefined || q === '' ? {} : { number: q }),
        ...(overdue === true ? { overdueAt: core.world.clock.now() } : {}),
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      return { items: found.items.map((row) => jobView(station, row)), next: found.next };
    },
  );

  /** Names only in a body, never in a URL (I10). */
  app.post(
    '/jobs/search',
    { config: { act: 'job.read' }, schema: { body: jobSearchRequest, response: { 200: jobList } } },
    async (request) => {
      const found = await jobsByName(station, request.body.name);
      return { items: found.map((row) => jobView(station, row)), next: null };
    },
  );

  app.get(
    '/jobs/:id',
    { config: { act: 'job.read' }, schema: { params: id, response: { 200: jobDetail } } },
    (request) => {
      return jobDetailView(station, find(request.params.id));
    },
  );

  app.get(
    '/jobs/:id/holder',
    { config: { act: 'job.read' }, schema: { params: id, response: { 200: jobHolder } } },
    (request) => {
      return holderView(station, find(request.params.id));
    },
  );

  app.post(
    '/jobs/:id/hold',
    { config: { act: 'job.hold' }, schema: { params: id, body: reasonRequest, response: { 200: jobShape } } },
    (request, reply) => answers.carryOut(request, reply, 'hold', holdJob(request.params.id, request.body.reason), seen),
  );
  app.post(
    '/jobs/:id/resume',
    { config: { act: 'job.resume' }, schema: { params: id, body: resumeRequest, response: { 200: jobShape } } },
    (request, reply) => answers.carryOut(request, reply, 'resume', resumeJob(core, request.params.id), seen),
  );
  app.post(
    '/jobs/:id/cancel',
    { config: { act: 'job.cancel' }, schema: { params: id, body: reasonRequest, response: { 200: jobShape } } },
    (request, reply) =>
      answers.carryOut(request, reply, 'cancel', cancelJob(core, request.params.id, request.body.reason), seen),
  );
  app.post(
    '/jobs/:id/refer',
    { config: { act: 'job.refer' }, schema: { params: id, body: referRequest, response: { 200: jobShape } } },
    (request, reply) =>
      answers.carryOut(
        request,
        reply,
        'refer',
        referJob(core, request.params.id, request.body.office, request.body.reason),
        seen,
      ),
  );
  app.post(
    '/jobs/:id/priority',
    { config: { act: 'job.priority' }, schema: { params: id, body: priorityRequest, response: { 200: jobShape } } },
    (request, reply) =>
      answers.carryOut(
        request,
        reply,
        'priority',
        prioritiseJob(request.params.id, request.body.priority, request.body.reason),
        seen,
      ),
  );
  app.post(
    '/jobs/:id/quality',
    { config: { act: 'job.quality' }, schema: { params: id, body: qualityRequest, response: { 200: jobShape } } },
    (request, reply) =>
      answers.carryOut(
        request,
        reply,
        'quality',
        checkQuality(core, request.params.id, request.body.result, request.body.faults),
        seen,
      ),
  );
  app.post(
    '/jobs/:id/hand-over',
    { config: { act: 'job.hand-over' }, schema: { params: id, body: handOverRequest, response: { 200: jobShape } } },
    (request, reply) =>
      answers.carryOut(
        request,
        reply,
        'hand-over',
        handOver(core, request.params.id, request.body.recipient, request.body.proof),
        seen,
      ),
  );

  app.post(
    '/releases',
    { config: { act: 'job.release' }, schema: { body: releaseRequest, response: { 201: releaseShape } } },
    (request, reply) =>
      answers.carryOut(request, reply, 'release', release(core, request.body.jobs), (body) => ({
        status: 201,
        body,
      })),
  );

  const familyOr404 = (familyId: string) => {
    const view = familyView(station, familyId);
    if (view === null) throw new Refusal(problem('PST-419', familyId));
    return view;
  };
  app.get(
    '/families/:id',
    { config: { act: 'job.read' }, schema: { params: id, response: { 200: familyShape } } },
    (request) => {
      return familyOr404(request.params.id);
    },
  );
  app.post(
    '/families/:id',
    {
      config: { act: 'family.policy' },
      schema: { params: id, body: familyPolicyRequest, response: { 200: familyShape } },
    },
    (request, reply) =>
      answers.carryOut(
        request,
        reply,
        'family-policy',
        setFamilyPolicy(request.params.id, request.body.policy),
        () => ({ status: 200, body: familyOr404(request.params.id) }),
      ),
  );
}
