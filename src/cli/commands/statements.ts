import { oneOf, oneWord, reads, STATION, stationFile } from '../command.ts';

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
