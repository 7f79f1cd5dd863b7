import { loadConfig } from '../../config/config.ts';
import { Refusal } from '../../domain/errors.ts';
import { type Command, noWords, reads, STATION, stationFile } from '../command.ts';
import { startService } from '../service.ts';
import { version } from '../version.ts';

export interface ServeArguments {
  readonly file: string;
  /** Log lines as JSON; else for people. */
  readonly json: boolean;
}

export const readServe = reads(STATION, (values, words): ServeArguments => {
  noWords(words);
  return { file: stationFile(values), json: values.json === true };
});

export const command: Command<ServeArguments> = {
  read: readServe,

  async run({ file, json }, terminal) {
    const config = loadConfig(file);
    if (!config.ok) throw new Refusal(config.failure);
    const stopped = terminal.stopped();
    const service = await startService(config.value, {
      version: version(),
      log: { write: (line) => terminal.err(line.trimEnd()) },
    });
    if (!service.ok) throw new Refusal(service.failure);
    const { address } = service.value;
    terminal.out(json ? JSON.stringify({ ready: true, address }) : `The station listens at ${address}`);
    await stopped;
    await service.value.stop();
    return 0;
  },
};
