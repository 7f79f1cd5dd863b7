/**
 * The one rule of effects (README.md of src): time, timers and randomness come in through `World`. Finds where product
 * code takes them by itself, and proves on a planted text that it would.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT, sourceFiles } from './source-files.ts';

/** Where the real ones may stand, and why. */
const ALLOWED: readonly (readonly [path: RegExp, reason: string])[] = [
  [/^test\//, 'tests'],
  [/^src\/station\/world\.ts$/, 'the real world itself'],
  [/^src\/(cli\/|main\.ts$)/, 'the command line is the rim'],
  [/^src\/console\//, 'browser code'],
  [/^mocks\/printers\/time\.ts$/, 'the real clock of the stand-alone simulators'],
];

const GLOBALS = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'getRandomValues',
  'hrtime',
]);
const MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now', 'performance.timeOrigin']);
const MODULES = new Set(['node:timers', 'node:timers/promises']);

interface Effect {
  readonly line: number;
  readonly what: string;
}

/** What a text takes from the machine by itself. Comments and strings do not count. */
function effectsIn(path: string, text: string): Effect[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Effect[] = [];
  const add = (node: ts.Node, what: string): void => {
    found.push({ line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, what });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0)
      add(node, 'new Date()');
    else if (ts.isCallExpression(node) && node.expression.getText() === 'Date') add(node, 'Date()');
    else if (ts.isPropertyAccessExpression(node) && MEMBERS.has(node.getText().replace(/^globalThis\./, '')))
      add(node, node.getText());
    else if (ts.isIdentifier(node) && GLOBALS.has(node.text) && !isDeclaredHere(node)) add(node, node.text);
    else if (ts.isStringLiteral(node) && MODULES.has(node.text) && ts.isImportDeclaration(node.parent))
      add(node, node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The name of a member in a type or an object of ours, not the global. */
const isDeclaredHere = ({ parent }: ts.Identifier): boolean =>
  ts.isPropertySignature(parent) ||
  ts.isMethodSignature(parent) ||
  ts.isPropertyAssignment(parent) ||
  ts.isImportSpecifier(parent);

const PLANTED = `
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
// Date.now() in a comment
const text = 'Date.now()';
const a = Date.now();
const b = new Date();
const c = new Date(a);
setTimeout(() => {}, 1);
globalThis.setInterval(() => {}, 1);
const d = Math.random() + performance.now();
const e = randomUUID();
const f = crypto.getRandomValues(new Uint8Array(1));
const g = process.hrtime.bigint();
`;
const PROOF =
  '3 node:timers/promises, 6 Date.now, 7 new Date(), 9 setTimeout, 10 setInterval, 11 Math.random, 11 performance.now, 12 randomUUID, 13 getRandomValues, 14 hrtime';

const proven = effectsIn('planted.ts', PLANTED)
  .map(({ line, what }) => `${line} ${what}`)
  .join(', ');
if (proven !== PROOF) throw new Error(`effects: the planted text gave\n  ${proven}\ninstead of\n  ${PROOF}`);

const files = sourceFiles();
const checked = files.filter((path) => !ALLOWED.some(([allowed]) => allowed.test(path)));
const unused = ALLOWED.filter(([allowed]) => !files.some((path) => allowed.test(path)));
const problems = [
  ...checked.flatMap((path) =>
    effectsIn(path, readFileSync(join(ROOT, path), 'utf8')).map(
      ({ line, what }) => `${path}:${line} takes ${what} by itself; it must come in through World`,
    ),
  ),
  ...unused.map(([allowed, reason]) => `nothing matches the exception ${allowed} (${reason})`),
];
for (const line of problems) process.stderr.write(`effects: ${line}\n`);
process.stdout.write(
  `effects: ${checked.length} files without a clock, timer or randomness of their own, ${files.length - checked.length} at the rim; ${problems.length} problems\n`,
);
if (checked.length < 50) throw new Error('effects: fewer than 50 files: looked in the wrong place');
process.exitCode = problems.length === 0 ? 0 : 1;
