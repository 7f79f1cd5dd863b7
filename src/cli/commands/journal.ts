import { problem } from '../../domain/errors.ts';
import { type Command, noWords, oneOf, reads, STATION, stationFile } from '../command.ts';
import { onStation } from '../on-station.ts';
import { printProblem } from '../terminal.ts';

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

export const command: Command<JournalArguments> = {
  read: readJournal,

  async run({ file, json }, terminal) {
    const differences = await onStation(file, terminal.user, (act) => act('journal.rebuild-check', {}));
    if (json) terminal.out(JSON.stringify({ differences }));
    else if (differences.length === 0) terminal.out('The entries give exactly what the station works with.');
    else for (const difference of differences) terminal.out(difference);
    if (differences.length === 0) return 0;
    printProblem(problem('PST-713', `${differences.length} differences`), terminal, json);
    return 1;
  },
};
