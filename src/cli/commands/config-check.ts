import { readFileSync } from 'node:fs';
import { type Config, configProblem, parseConfig, readConfigText } from '../../config/config.ts';
import { fileFaults } from '../../config/files.ts';
import type { Finding } from '../../config/findings.ts';
import { type FieldError, problem, Refusal } from '../../domain/errors.ts';
import { parsePinnedRoots } from '../../trust/bundle.ts';
import { type Command, noWords, reads, STATION, stationFile } from '../command.ts';
import { printProblem, type Terminal } from '../terminal.ts';

interface ConfigCheckArguments {
  readonly file: string;
  readonly json: boolean;
}

/** What is not wrong but should be known: readers are validated, but no reader driver is built yet. */
const noticesOf = (config: Config): FieldError[] =>
  config.readers.map(({ driver }, index) => ({
    path: `readers[${index}].driver`,
    message: `${driver} is known but not built yet: this reader stays unused`,
  }));

/** Whether the pinned roots can be used, once the file is there. */
function rootsFaults({ trust }: Config): FieldError[] {
  const roots = parsePinnedRoots(readFileSync(trust.roots));
  return roots.ok ? [] : [{ path: 'trust.roots', message: `${trust.roots}: ${roots.failure.detail}` }];
}

function machineFaults(config: Config): FieldError[] {
  const missing = fileFaults(config);
  return missing.some(({ path }) => path === 'trust.roots') ? missing : [...missing, ...rootsFaults(config)];
}

function refuse(file: string, errors: readonly (Finding | FieldError)[], json: boolean, terminal: Terminal): 1 {
  if (json) terminal.out(JSON.stringify({ ok: false, file, errors, notices: [] }));
  const refused = configProblem(file, errors);
  printProblem(json ? problem(refused.code, refused.detail) : refused, terminal, json);
  return 1;
}

function summaryOf({ station, printers, readers, central, simulated }: Config): string {
  const centre = central.protocol === 'none' ? 'no centre' : `centre ${central.protocol} at ${central.url}`;
  const kind = simulated ? 'simulated station' : 'station';
  return `${kind} ${station.id} of office ${station.office}: ${printers.length} printers, ${readers.length} readers, ${centre}`;
}

export const command: Command<ConfigCheckArguments> = {
  read: reads(STATION, (values, words) => {
    noWords(words);
    return { file: stationFile(values), json: values.json === true };
  }),

  async run({ file, json }, terminal) {
    const text = readConfigText(file);
    if (!text.ok) throw new Refusal(text.failure);
    const parsed = parseConfig(text.value, file);
    if (!parsed.ok) return refuse(file, parsed.failure, json, terminal);
    const faults = machineFaults(parsed.value);
    if (faults.length > 0) return refuse(file, faults, json, terminal);
    const notices = noticesOf(parsed.value);
    if (json) terminal.out(JSON.stringify({ ok: true, file, errors: [], notices }));
    else {
      terminal.out(`${file}: ${summaryOf(parsed.value)}`);
      for (const { path, message } of notices) terminal.out(`  notice: ${path}: ${message}`);
    }
    return 0;
  },
};
