import { APPLICATION } from '../../domain/statement.ts';
import { type Command, oneWord, reads, STATION, stationFile, UsageFault } from '../command.ts';
import { onStation } from '../on-station.ts';

export interface StatusArguments {
  readonly file: string;
  readonly json: boolean;
  readonly application: string;
}

export const readStatus = reads(STATION, (values, words): StatusArguments => {
  const application = oneWord(words, 'APPLICATION');
  if (!APPLICATION.test(application)) throw new UsageFault('APPLICATION is 1-32 of A-Z 0-9 -');
  return { file: stationFile(values), json: values.json === true, application };
});

/** What an applicant may be told, as one line (domain.md, "Outage, backlog, catch-up"). */
export const command: Command<StatusArguments> = {
  read: readStatus,

  async run({ file, json, application }, terminal) {
    const status = await onStation(file, terminal.user, (act) => act('status', { application }));
    terminal.out(json ? JSON.stringify(status) : status.text);
    return 0;
  },
};
