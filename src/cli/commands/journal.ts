import { noWords, oneOf, reads, STATION, stationFile } from '../command.ts';

export interface JournalArguments {
  readonly file: string;
  readonly json: boolean;
  readonly act: 'rebuild-check';
}

export const readJournal = reads(STATION, (values, words): JournalArguments => {
  const [verb = '', ...rest] = words;
  const act = oneOf(verb, 'journal', ['rebuild-check']);
  noWords(rest);
  return { file: stationFile(values), json: values.json === true, act };
});
