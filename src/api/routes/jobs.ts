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
import { recordOf } from '../../station/pages.ts';
import type { JobRow } from '../../station/reading.ts';
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
} from '../shapes.ts';
import { familyView, holderView, jobDetailView, jobView } from '../views.ts';

const id = z.object({ id: z.string().max(64) });
const jobList = list(jobShape);
const query = z.object({
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

export function jobRoutes({ app, station, access }: Routing): void {
  const { core } = station;
  const seen = (row: JobRow) => ({ status: 200, body: jobView(station, row) });
  const find = (jobId: string): JobRow => {
    const row = core.journal.job(jobId);
    if (row === undefined) throw new Refusal(problem('PST-401', `job ${jobId}`));
    return row;
  };

  app.post('/jobs', { schema: { body: jobRequest, response: { 201: jobShape, 200: jobShape } } }, (request, reply) => {
    // Who may is asked first: a stranger learns nothing about records.
    access.actor(request, 'job.receive');
    const intake = intakeRequest.parse(request.body.intake ?? {});
    const receive = receiveJob(core, recordBytes(request.body.record), {
      priority: intake.priority,
      priorityReason: intake.priorityReason ?? null,
      family: intake.family ?? null,
      travelDate: intake.travelDate ?? null,
      intakeAt: intake.intakeAt ?? null,
      referredFrom: intake.referredFrom ?? null,
    });
    return access.carryOut(request, reply, 'job.receive', 'receive', receive, ({ job, again }) => ({
      status: again ? 200 : 201,
      body: jobView(station, job),
    }));
  });

  app.get('/jobs', { schema: { querystring: query, response: { 200: jobList } } }, (request) => {
    access.actor(request, 'job.read');
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
  });

  /** Names only in a body, never in a URL (I10). */
  app.post('/jobs/search', { schema: { body: jobSearchRequest, response: { 200: jobList } } }, (request) => {
    access.actor(request, 'job.read');
    const wanted = request.body.name.normalize('NFC').toLocaleUpperCase('en');
    const items = core.journal
      .jobs({ limit: 5000 })
      .items.filter((row) => {
        const { primaryIdentifier, secondaryIdentifier } = recordOf(core.journal, row.id).holder;
        return `${primaryIdentifier} ${secondaryIdentifier ?? ''}`
          .normalize('NFC')
          .toLocaleUpperCase('en')
          .includes(wanted);
      })
      .slice(0, 50);
    return { items: items.map((row) => jobView(station, row)), next: null };
  });

  app.get('/jobs/:id', { schema: { params: id, response: { 200: jobDetail } } }, (request) => {
    access.actor(request, 'job.read');
    return jobDetailView(station, find(request.params.id));
  });

  app.get('/jobs/:id/holder', { schema: { params: id, response: { 200: jobHolder } } }, (request) => {
    access.actor(request, 'job.read');
    return holderView(station, find(request.params.id));
  });

  app.post(
    '/jobs/:id/hold',
    { schema: { params: id, body: reasonRequest, response: { 200: jobShape } } },
    (request, reply) =>
      access.carryOut(request, reply, 'job.hold', 'hold', holdJob(request.params.id, request.body.reason), seen),
  );
  app.post('/jobs/:id/resume', { schema: { params: id, response: { 200: jobShape } } }, (request, reply) =>
    access.carryOut(request, reply, 'job.resume', 'resume', resumeJob(core, request.params.id), seen),
  );
  app.post(
    '/jobs/:id/cancel',
    { schema: { params: id, body: reasonRequest, response: { 200: jobShape } } },
    (request, reply) =>
      access.carryOut(
        request,
        reply,
        'job.cancel',
        'cancel',
        cancelJob(core, request.params.id, request.body.reason),
        seen,
      ),
  );
  app.post(
    '/jobs/:id/refer',
    { schema: { params: id, body: referRequest, response: { 200: jobShape } } },
    (request, reply) =>
      access.carryOut(
        request,
        reply,
        'job.refer',
        'refer',
        referJob(core, request.params.id, request.body.office, request.body.reason),
        seen,
      ),
  );
  app.post(
    '/jobs/:id/priority',
    { schema: { params: id, body: priorityRequest, response: { 200: jobShape } } },
    (request, reply) =>
      access.carryOut(
        request,
        reply,
        'job.priority',
        'priority',
        prioritiseJob(request.params.id, request.body.priority, request.body.reason),
        seen,
      ),
  );
  app.post(
    '/jobs/:id/quality',
    { schema: { params: id, body: qualityRequest, response: { 200: jobShape } } },
    (request, reply) =>
      access.carryOut(
        request,
        reply,
        'job.quality',
        'quality',
        checkQuality(core, request.params.id, request.body.result, request.body.faults),
        seen,
      ),
  );
  app.post(
    '/jobs/:id/hand-over',
    { schema: { params: id, body: handOverRequest, response: { 200: jobShape } } },
    (request, reply) =>
      access.carryOut(
        request,
        reply,
        'job.hand-over',
        'hand-over',
        handOver(core, request.params.id, request.body.recipient, request.body.proof),
        seen,
      ),
  );

  app.post('/releases', { schema: { body: releaseRequest, response: { 201: releaseShape } } }, (request, reply) =>
    access.carryOut(request, reply, 'job.release', 'release', release(core, request.body.jobs), (body) => ({
      status: 201,
      body,
    })),
  );

  const familyOr404 = (familyId: string) => {
    const view = familyView(station, familyId);
    if (view === null) throw new Refusal(problem('PST-419', familyId));
    return view;
  };
  app.get('/families/:id', { schema: { params: id, response: { 200: familyShape } } }, (request) => {
    access.actor(request, 'job.read');
    return familyOr404(request.params.id);
  });
  app.post(
    '/families/:id',
    { schema: { params: id, body: familyPolicyRequest, response: { 200: familyShape } } },
    (request, reply) =>
      access.carryOut(
        request,
        reply,
        'family.policy',
        'family-policy',
        setFamilyPolicy(request.params.id, request.body.policy),
        () => ({ status: 200, body: familyOr404(request.params.id) }),
      ),
  );
}
