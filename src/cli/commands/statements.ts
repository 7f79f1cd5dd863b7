import { type FieldError, problem } from '../../domain/errors.ts';
import { statementTexts } from '../../domain/statement-texts.ts';
import { type Command, type ExitCode, oneOf, oneWord, reads, STATION, stationFile } from '../command.ts';
import { readText, writeLines } from '../files.ts';
import { onStation } from '../on-station.ts';
import { printProblem, type Terminal } from '../terminal.ts';

export interface StatementsArguments {
  readonly file: string;
  readonly json: boolean;
  /** `import`: statements of the centre from a file; `export`: reports that were not sent yet, into a file. */
  readonly act: 'import' | 'export';
  /** `-` is standard input or output. */
  readonly statements: string;
}

export const readStatements = reads(STATION, (values, words): StatementsArguments => {
  const [verb = '', ...rest] = words;
  const act = oneOf(verb, 'statements', ['import', 'export']);
  return { file: stationFile(values), json: values.json === true, act, statements: oneWord(rest, 'FILE') };
});

/** Bytes of one import: two weeks of a large office are a tenth of it. */
const LARGEST = 16 * 1024 * 1024;
/** Statements in one transaction: the service goes on with the counter in between. */
const PORTION = 200;

async function importFrom({ file, statements, json }: StatementsArguments, terminal: Terminal): Promise<ExitCode> {
  const texts = statementTexts(await readText(statements, terminal, LARGEST));
  const results = await onStation(file, terminal.user, async (act) => {
    const portions = [];
    for (let at = 0; at < texts.length; at += PORTION)
      portions.push(await act('statements.import', { statements: texts.slice(at, at + PORTION) }));
    return portions.flat();
  });
  if (json) terminal.out(JSON.stringify({ results }));
  else
    for (const { status, kind, jti, reason } of results)
      terminal.out([status, kind ?? 'unreadable', jti, reason].filter((word) => word !== null).join('  '));
  const errors = results.flatMap(({ status, reason }, index): FieldError[] =>
    status === 'refused' ? [{ path: `statements[${index}]`, message: reason ?? 'refused' }] : [],
  );
  if (errors.length === 0) return 0;
  printProblem(problem('PST-201', `${errors.length} of ${results.length} statements`, { errors }), terminal, json);
  return 1;
}

async function exportTo({ file, statements, json }: StatementsArguments, terminal: Terminal): Promise<ExitCode> {
  const reports = await onStation(file, terminal.user, (act) => act('statements.export', {}));
  writeLines(statements, reports, terminal);
  if (statements === '-') return 0;
  if (json) terminal.out(JSON.stringify({ file: statements, reports: reports.length }));
  else
    terminal.out(
      `${statements}: ${reports.length} reports for the centre; they wait here until its receipt comes back`,
    );
  return 0;
}

export const command: Command<StatementsArguments> = {
  read: readStatements,
  run: (given, terminal) => (given.act === 'import' ? importFrom(given, terminal) : exportTo(given, terminal)),
};
