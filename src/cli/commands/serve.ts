import { noWords, reads, STATION, stationFile } from '../command.ts';

export interface ServeArguments {
  readonly file: string;
  /** Log lines as JSON; else for people. */
  readonly json: boolean;
}

export const readServe = reads(STATION, (values, words): ServeArguments => {
  noWords(words);
  return { file: stationFile(values), json: values.json === true };
});
