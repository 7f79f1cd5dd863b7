/** What a bad centre or a bad way there does to a page of statements. */
import type { Randomly } from '../faults.ts';
import type { Strikes } from './faults.ts';
import type { Json } from './signing.ts';

/** Spoils a page; `earlier` is what a centre that repeats itself can draw from. */
export function spoilStatements(
  page: readonly Json[],
  earlier: () => readonly Json[],
  strikes: Strikes,
): readonly Json[] {
  let statements = [...page];
  const again = strikes.of('duplicates');
  if (again !== null) statements = [...statements, ...statements, ...sample(earlier(), 3, again.random)];
  const damaged = strikes.of('wrong-signature');
  if (damaged !== null) statements = statements.map(damageSignature);
  const noise = strikes.of('malformed-statements');
  if (noise !== null) {
    statements = statements.flatMap((statement) => [...sample(nonsense(statement), 1, noise.random), statement]);
    statements.push(...nonsense('eyJhbGciOiJub25lIn0.e30.'));
  }
  const shuffled = strikes.of('random-order');
  return shuffled === null ? statements : shuffle(statements, shuffled.random);
}

const sample = <Item>(items: readonly Item[], count: number, random: Randomly): readonly Item[] =>
  shuffle(items, random).slice(0, count);

function shuffle<Item>(items: readonly Item[], random: Randomly): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Another last-but-one character: still base64url, no longer the signature. */
function damageText(text: string): string {
  const at = text.length - 2;
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

function damageSignature(statement: Json): Json {
  if (typeof statement === 'string') return damageText(statement);
  if (typeof statement !== 'object' || statement === null || !('signatures' in statement)) return statement;
  const { signatures } = statement;
  if (!Array.isArray(signatures)) return statement;
  return {
    ...statement,
    signatures: signatures.map((entry) => ({ ...entry, signature: damageText(entry.signature) })),
  };
}

/** Things that are no statements, some of them made from one. */
const nonsense = (statement: Json): readonly Json[] => [
  null,
  17,
  '',
  'no statement',
  [],
  { payload: 'e30', signatures: [] },
  ...(typeof statement === 'string' ? [statement.slice(0, statement.length / 2), `${statement} `] : []),
];
