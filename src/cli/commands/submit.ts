import { PRIORITIES, type Priority } from '../../domain/job.ts';
import { oneOf, reads, STATION, stationFile, UsageFault } from '../command.ts';

export interface SubmitArguments {
  readonly file: string;
  readonly json: boolean;
  /** Files with one record each, byte for byte as they are to be signed. */
  readonly records: readonly string[];
  readonly priority: Priority;
  readonly priorityReason: string | null;
  readonly family: string | null;
}

export const readSubmit = reads(
  { ...STATION, priority: { type: 'string' }, reason: { type: 'string' }, family: { type: 'string' } },
  (values, words): SubmitArguments => {
    if (words.length === 0) throw new UsageFault('RECORD.json is missing');
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
