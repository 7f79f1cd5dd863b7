import { ROLES, type Role } from '../../domain/people.ts';
import { noWords, oneOf, oneWord, reads, STATION, stationFile, UsageFault } from '../command.ts';

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
