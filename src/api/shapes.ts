import { z } from 'zod';
import { BOOKLET_STATES } from '../domain/booklet.ts';
import { ATTEMPT_STATES, JOB_STATES, PRIORITIES } from '../domain/job.ts';
import { ROLES } from '../domain/people.ts';

/**
 * Every body that goes in or out of the HTTP API (station.md). The console imports the types, the routes the schemas,
 * the OpenAPI document is made from them. Times are RFC 3339 in UTC.
 */

const time = z.string();
export const bookletNumber = z.string().regex(/^[A-Z0-9]{1,9}$/);
/**
 * Words of a person that others read, sign and log, as one line. No control characters and none that turn the writing
 * direction, so that the text is what it looks like.
 */
const words = (most: number) =>
  z
    .string()
    .overwrite((text) => text.replace(/\s*\n\s*/g, ' ').trim())
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'must have no control characters');
const reason = words(500);
const id = z.string().min(1).max(64);

export const problemBody = z.object({
  type: z.string(),
  status: z.number().int(),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  remedy: z.string(),
  reason: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export const sessionRequest = z.strictObject({ user: z.string().min(1).max(64), pin: z.string().max(64) });
export const session = z.object({
  token: z.string(),
  person: z.string(),
  roles: z.array(z.enum(ROLES)),
  expires: time,
});

export const intakeRequest = z.strictObject({
  priority: z.enum(PRIORITIES).default('normal'),
  priorityReason: reason.nullish(),
  family: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .nullish(),
  travelDate: z.iso.date().nullish(),
  intakeAt: z.iso.datetime({ offset: true }).nullish(),
  referredFrom: words(64).nullish(),
});
export const jobRequest = z.strictObject({ record: z.string(), intake: intakeRequest.optional() });

export const attempt = z.object({
  id: z.string(),
  job: z.string(),
  booklet: z.string(),
  printer: z.string(),
  approval: z.string(),
  number: z.number().int(),
  state: z.enum(ATTEMPT_STATES),
  operator: z.string(),
  intendedAt: time,
  pageSha256: z.string(),
  /** The outcome's reason, `null` while there is none. */
  reason: z.string().nullable(),
  readBack: z.enum(['matched', 'differs']).nullable(),
  resolution: z.enum(['printed', 'blank', 'spoiled']).nullable(),
  evidence: z.array(z.object({ at: time, kind: z.string(), text: z.string() })),
});

export const job = z.object({
  id: z.string(),
  application: z.string(),
  state: z.enum(JOB_STATES),
  ippState: z.string(),
  family: z.string().nullable(),
  priority: z.enum(PRIORITIES),
  travelDate: z.string().nullable(),
  receivedAt: time,
  deadline: time.nullable(),
  /** Why it stands where it stands, where a word is needed: a rejection's text, a hold's reason, `approval revoked`. */
  stateReason: z.string().nullable(),
  /** `jti` of the approval that is usable now, or was used. */
  approval: z.string().nullable(),
  booklet: z.string().nullable(),
  printer: z.string().nullable(),
  release: z.string().nullable(),
  recordSha256: z.string(),
  attempts: z.array(z.string()),
});
export const jobDetail = job.extend({
  attemptDetails: z.array(attempt),
  history: z.array(
    z.object({ seq: z.number().int(), at: time, actor: z.string(), kind: z.string(), text: z.string() }),
  ),
});
/** What the counter shows of the person while a job is worked on; never in lists, URLs or events. */
export const jobHolder = z.object({
  primaryIdentifier: z.string(),
  secondaryIdentifier: z.string().nullable(),
  dateOfBirth: z.string(),
  mrz: z.tuple([z.string(), z.string()]).nullable(),
});

export const list = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export const reasonRequest = z.strictObject({ reason });
export const resumeRequest = reasonRequest.partial().nullish();
export const referRequest = z.strictObject({ office: words(64), reason });
export const priorityRequest = z.strictObject({ priority: z.enum(PRIORITIES), reason });
export const jobSearchRequest = z.strictObject({ name: words(100) });

export const familyPolicyRequest = z.strictObject({ policy: z.enum(['apart', 'together']) });
export const family = z.object({
  id: z.string(),
  policy: z.enum(['apart', 'together']),
  members: z.array(job),
  approved: z.number().int(),
});

export const releaseRequest = z.strictObject({ jobs: z.array(id).min(1).max(500) });
export const release = z.object({
  reference: z.string(),
  released: z.array(z.string()),
  refused: z.array(z.object({ job: z.string(), code: z.string() })),
});

export const binding = z.object({ id: z.string(), job: z.string(), booklet: z.string(), printer: z.string() });
export const bindingRequest = z.strictObject({ job: id, booklet: bookletNumber });
export const printRequest = z.strictObject({ binding: id });
export const printAccepted = z.object({ attempt: z.string() });

export const CONFIRM_STEPS = ['booklet-inserted', 'booklet-removed', 'purged', 'attended'] as const;
export const confirmRequest = z.strictObject({ step: z.enum(CONFIRM_STEPS) });

export const stateReason = z.object({
  keyword: z.string(),
  severity: z.enum(['report', 'warning', 'error']),
  raw: z.string(),
});
export const printer = z.object({
  id: z.string(),
  driver: z.string(),
  /** The machine's state, nested ones dotted: `printing.sending` (machines/printer.ts). */
  state: z.string(),
  since: time,
  ippState: z.enum(['idle', 'processing', 'stopped']),
  reasons: z.array(stateReason),
  booklet: z.enum(['unknown', 'present', 'notPresent', 'jammed', 'entering', 'retracted']),
  identity: z.object({ model: z.string(), serial: z.string().nullable() }).nullable(),
  bookletSensor: z.boolean(),
  binding: binding.nullable(),
  /** The attempt that the machine is concerned with now. */
  attempt: z.string().nullable(),
  /** Of the page being sent: `null` when none is. */
  progress: z.object({ bytesAccepted: z.number(), bytesTotal: z.number() }).nullable(),
  /** `confirm` steps that the machine asks a person for now. */
  asks: z.array(z.enum(CONFIRM_STEPS)),
  paused: z.boolean(),
  lock: z
    .object({
      attempt: z.string(),
      /** The people's finding, `null` while open. */
      resolved: z.enum(['printed', 'blank', 'spoiled']).nullable(),
      /** Whether the device is shown to hold nothing of the attempt. */
      deviceEmpty: z.boolean(),
    })
    .nullable(),
  /** Tries of the recovery ladder since the last success, and why the last one failed. */
  recovery: z.object({ tries: z.number().int(), lastFailure: z.string().nullable() }),
});

export const readBackRequest = z.strictObject({
  lines: z.tuple([z.string().max(200), z.string().max(200)]),
  source: z.enum(['reader', 'keyed']),
});
export const readBackAnswer = z.object({
  match: z.boolean(),
  differences: z
    .array(z.object({ line: z.number().int(), position: z.number().int(), expected: z.string(), read: z.string() }))
    .optional(),
});
export const resolutionRequest = z.strictObject({ outcome: z.enum(['printed', 'blank', 'spoiled']), reason });
export const qualityRequest = z.strictObject({
  result: z.enum(['pass', 'fail']),
  faults: z.array(words(200)).max(20).default([]),
});
export const handOverRequest = z.strictObject({
  recipient: z.enum(['holder', 'family', 'proxy']),
  proof: words(200),
});

export const signOff = z.object({
  id: z.string(),
  act: z.string(),
  /** The exact text that the second person agrees to, in the station's language. */
  text: z.string(),
  requestedBy: z.string(),
  requestedAt: time,
  expires: time,
  /** What it is about, for the screen: an attempt's or a booklet's id. */
  subject: z.string(),
});
export const signRequest = z.strictObject({ user: z.string().min(1).max(64).optional(), pin: z.string().max(64) });

export const booklet = z.object({
  number: z.string(),
  state: z.enum(BOOKLET_STATES),
  delivery: z.string(),
  receivedAt: time,
  job: z.string().nullable(),
});
export const bookletsRequest = z.strictObject({
  receive: z.strictObject({ from: bookletNumber, to: bookletNumber, delivery: words(64) }),
});
export const bookletsAnswer = z.object({ received: z.number().int(), from: z.string(), to: z.string() });
export const bookletList = list(booklet).extend({
  counts: z.record(z.enum(BOOKLET_STATES), z.number().int()),
});

export const statementsRequest = z.union([z.string(), z.strictObject({ statements: z.array(z.unknown()).max(1000) })]);
export const statementsAnswer = z.object({
  results: z.array(
    z.object({
      status: z.enum(['stored', 'known', 'kept', 'refused']),
      kind: z.string().nullable(),
      jti: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
});

export const central = z.object({
  /** `offline | probing | online | degraded` (machines/central-link.ts), `none` where the station has no link. */
  state: z.enum(['offline', 'probing', 'online', 'degraded', 'none']),
  since: time,
  reason: z.string().nullable(),
  lastContact: time.nullable(),
  clock: z.enum(['trusted', 'holdover', 'untrusted']),
  bundle: z.object({ version: z.number().int(), expires: time }).nullable(),
  outbox: z.object({ waiting: z.number().int(), refused: z.number().int() }),
  jobsWaiting: z.number().int(),
});
export const outboxItem = z.object({
  seq: z.number().int(),
  jti: z.string(),
  kind: z.string(),
  queuedAt: time,
  state: z.enum(['waiting', 'refused']),
  reason: z.string().nullable(),
});

export const station = z.object({
  id: z.string(),
  office: z.string(),
  timezone: z.string(),
  language: z.enum(['id', 'en']),
  simulated: z.boolean(),
  release: z.enum(['supervisor', 'automatic']),
  version: z.string(),
  now: time,
});

export const eventStream = {
  description: 'Server-sent events: printer, job, sign-off, central, booklets, heartbeat',
  content: { 'text/event-stream': { schema: z.string() } },
};

/** One server-sent event: `event` is the name, `data` a full snapshot of one thing. */
export type LiveEvent =
  | { readonly event: 'printer'; readonly data: Printer }
  | { readonly event: 'job'; readonly data: Job }
  | { readonly event: 'sign-off'; readonly data: SignOff | { readonly id: string; readonly closed: true } }
  | { readonly event: 'central'; readonly data: Central }
  | { readonly event: 'booklets'; readonly data: { readonly counts: Record<string, number> } };

export type ProblemBody = z.infer<typeof problemBody>;
export type Session = z.infer<typeof session>;
export type Attempt = z.infer<typeof attempt>;
export type Job = z.infer<typeof job>;
export type JobDetail = z.infer<typeof jobDetail>;
export type JobHolder = z.infer<typeof jobHolder>;
export type Family = z.infer<typeof family>;
export type Release = z.infer<typeof release>;
export type Binding = z.infer<typeof binding>;
export type Printer = z.infer<typeof printer>;
export type ConfirmStep = (typeof CONFIRM_STEPS)[number];
export type ReadBackAnswer = z.infer<typeof readBackAnswer>;
export type SignOff = z.infer<typeof signOff>;
export type Booklet = z.infer<typeof booklet>;
export type BookletList = z.infer<typeof bookletList>;
export type StatementsAnswer = z.infer<typeof statementsAnswer>;
export type Central = z.infer<typeof central>;
export type OutboxItem = z.infer<typeof outboxItem>;
export type Station = z.infer<typeof station>;
