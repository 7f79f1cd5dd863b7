import { ROLES, type Role } from '../../domain/people.ts';
import { type Command, noWords, oneOf, oneWord, reads, STATION, stationFile, UsageFault } from '../command.ts';
import { linesOf } from '../lines.ts';
import { onStation } from '../on-station.ts';
import type { Terminal } from '../terminal.ts';

export type UserArguments = { readonly file: string; readonly json: boolean } & (
  | { readonly act: 'add'; readonly name: string; readonly roles: readonly Role[] }
  | { readonly act: 'disable'; readonly name: string }
  | { readonly act: 'list' }
);

/** PINs come by standard input only: what is typed as an argument can be read by everybody on the machine. */
export const readUser = reads(
  { ...STATION, role: { type: 'string', multiple: true }, 'pin-stdin': { type: 'boolean' } },
  (values, words): UserArguments => {
    const [verb = '', ...rest] = words;
    const act = oneOf(verb, 'user', ['add', 'list', 'disable']);
    const given = { file: stationFile(values), json: values.json === true };
    if (act !== 'add' && (values.role !== undefined || values['pin-stdin'] !== undefined))
      throw new UsageFault('--role and --pin-stdin belong to "user add"');
    if (act === 'list') {
      noWords(rest);
      return { ...given, act };
    }
    const name = oneWord(rest, 'the name');
    if (act === 'disable') return { ...given, act, name };
    if (values.role === undefined) throw new UsageFault('--role is missing');
    if (values['pin-stdin'] !== true)
      throw new UsageFault('--pin-stdin is missing: the PIN is read from standard input');
    const roles = [...new Set(values.role.map((role) => oneOf(role, '--role', ROLES)))];
    return { ...given, act, name, roles };
  },
);

/** Bytes of the line with the PIN; more is no PIN. */
const LONGEST_PIN = 64;

async function pinFrom({ input }: Terminal): Promise<string> {
  try {
    for await (const line of linesOf(input, LONGEST_PIN)) return line;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageFault('what came on standard input is too long for a PIN');
  }
  throw new UsageFault('standard input ended without a PIN');
}

export const command: Command<UserArguments> = {
  read: readUser,

  async run(given, terminal) {
    const { file, json } = given;
    const pin = given.act === 'add' ? await pinFrom(terminal) : '';
    const people = await onStation(file, terminal.user, async (act) => {
      if (given.act === 'list') return act('user.list', {});
      const { name } = given;
      if (given.act === 'disable') return [await act('user.disable', { name })];
      return [await act('user.add', { name, roles: [...given.roles], pin })];
    });
    if (json) terminal.out(JSON.stringify(given.act === 'list' ? { items: people } : people[0]));
    else
      for (const { name, roles, disabled } of people)
        terminal.out(`${name}  ${roles.join(', ')}${disabled ? '  (disabled)' : ''}`);
    return 0;
  },
};
