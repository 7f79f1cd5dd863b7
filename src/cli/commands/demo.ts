import { noWords, reads, wholeNumber } from '../command.ts';

export interface DemoArguments {
  /** Of the console; 0 takes a free one. */
  readonly port: number;
  /** Directory of the office's data; `null`: a new one that is removed at the end. */
  readonly data: string | null;
  /** Whether to open the console's address in a browser. */
  readonly open: boolean;
  readonly json: boolean;
}

export const readDemo = reads(
  { port: { type: 'string' }, data: { type: 'string' }, 'no-open': { type: 'boolean' } },
  (values, words): DemoArguments => {
    noWords(words);
    return {
      port: wholeNumber(values.port ?? '8080', '--port', 0, 65535),
      data: values.data ?? null,
      open: values['no-open'] !== true,
      json: values.json === true,
    };
  },
);
