import { loadConfig } from '../../config/config.ts';
import { Refusal } from '../../domain/errors.ts';
import { openStationKey } from '../../station/station-key.ts';
import { realRandomness } from '../../station/world.ts';
import { publicIdentity } from '../../trust/identity.ts';
import { type Command, noWords, reads, STATION, stationFile } from '../command.ts';

interface IdentityArguments {
  readonly file: string;
  readonly json: boolean;
}

export const command: Command<IdentityArguments> = {
  read: reads(STATION, (values, words) => {
    noWords(words);
    return { file: stationFile(values), json: values.json === true };
  }),

  async run({ file, json }, terminal) {
    const config = loadConfig(file);
    if (!config.ok) throw new Refusal(config.failure);
    const opened = openStationKey(config.value.data, config.value.station, realRandomness);
    if (!opened.ok) throw new Refusal(opened.failure);
    const identity = publicIdentity(opened.value);
    if (json) terminal.out(JSON.stringify(identity));
    else {
      terminal.out(`station  ${identity.station}\noffice   ${identity.office}\nkey      ${identity.kid}`);
      terminal.out(`jwk      ${JSON.stringify(identity.jwk)}`);
    }
    return 0;
  },
};
