import { Refusal } from '../../domain/errors.ts';
import { PRIORITIES, type Priority } from '../../domain/job.ts';
import { RECORD_MAX_BYTES } from '../../domain/record.ts';
import { fail, ok } from '../../domain/result.ts';
import { type Command, oneOf, reads, STATION, stationFile, UsageFault } from '../command.ts';
import { readBytes } from '../files.ts';
import { onStation } from '../on-station.ts';
import { progressBar } from '../progress.ts';
import type { ActOnStation } from '../station-acts.ts';
import { printProblem, type Terminal } from '../terminal.ts';

export interface SubmitArguments {
  readonly file: string;
  readonly json: boolean;
  /** Files with one record each, byte for byte as they are to be signed. */
  readonly records: readonly string[];
  readonly priority: Priority;
  readonly priorityReason: string | null;
  readonly family: string | null;
}

const FAMILY = /^[A-Za-z0-9_-]{1,64}$/;

export const readSubmit = reads(
  { ...STATION, priority: { type: 'string' }, reason: { type: 'string' }, family: { type: 'string' } },
  (values, words): SubmitArguments => {
    if (words.length === 0) throw new UsageFault('RECORD.json is missing');
    if (values.family !== undefined && !FAMILY.test(values.family))
      throw new UsageFault('--family takes 1-64 of A-Z a-z 0-9 _ -');
    return {
      file: stationFile(values),
      json: values.json === true,
      records: words,
      priority: oneOf(values.priority ?? 'normal', '--priority', PRIORITIES),
      priorityReason: values.reason ?? null,
      family: values.family ?? null,
    };
  },
);

type Submitted = Awaited<ReturnType<typeof submitOne>>;

/** One file: its bytes exactly as they are. What is wrong with this file is a value, so that the others go on. */
async function submitOne(act: ActOnStation, file: string, { priority, priorityReason, family }: SubmitArguments) {
  try {
    const record = Buffer.from(readBytes(file, RECORD_MAX_BYTES)).toString('base64');
    return ok(await act('submit', { record, intake: { priority, priorityReason, family } }));
  } catch (error) {
    if (error instanceof Refusal && !CONCERNS_ALL.has(error.problem.code)) return fail(error.problem);
    throw error;
  }
}

/** The journal or the service is gone: no other file would fare better. */
const CONCERNS_ALL: ReadonlySet<string> = new Set(['PST-304', 'PST-710']);

function show(file: string, submitted: Submitted, terminal: Terminal, json: boolean): void {
  if (!submitted.ok) {
    const { failure } = submitted;
    if (json) terminal.out(JSON.stringify({ file, problem: failure }));
    const detail = failure.detail.startsWith(file) ? failure.detail : `${file}: ${failure.detail}`;
    printProblem({ ...failure, detail }, terminal, json);
  } else if (json) terminal.out(JSON.stringify({ file, ...submitted.value }));
  else {
    const { job, application, state, again } = submitted.value;
    terminal.out(`${file}: application ${application}, job ${job}, ${state}${again ? ' (was here already)' : ''}`);
  }
}

export const command: Command<SubmitArguments> = {
  read: readSubmit,

  run: (given, terminal) =>
    onStation(given.file, terminal.user, async (act) => {
      const { records, json } = given;
      const bar = progressBar(terminal, records.length);
      let refused = 0;
      for (const [index, file] of records.entries()) {
        bar.at(index);
        const submitted = await submitOne(act, file, given).finally(bar.clear);
        if (!submitted.ok) refused += 1;
        show(file, submitted, terminal, json);
      }
      return refused === 0 ? 0 : 1;
    }),
};
