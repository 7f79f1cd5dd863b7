/** From what a schema or rule says to what a person reads: path, line, value and what is allowed. */
import { type Document, isMap, isNode, isPair, isScalar, type LineCounter } from 'yaml';
import type { z } from 'zod';
import type { FieldError } from '../domain/errors.ts';
import type { Breach } from './rules.ts';

/** One thing in the file that is wrong or worth knowing. */
export interface Finding extends FieldError {
  /** Counted from 1; of the nearest thing that stands in the file. */
  readonly line: number;
  readonly column: number;
}

type Path = readonly (string | number)[];

/** A file as it was read: its values, and where each of them stands. */
export interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly value: unknown;
}

/** `printers[0].connection.serial`; `''` for the whole file. */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );

/** Byte offset of the value at `path`, or of its key, or of the nearest section around it. */
function offsetOf(document: Document, path: Path, key: string | null): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isNode(node)) return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1), null);
  if (key !== null && isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
    if (isPair(pair) && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
  }
  return node.range?.[0] ?? 0;
}

function place(source: Source, path: Path, key: string | null): { line: number; column: number } {
  const { line, col } = source.lines.linePos(offsetOf(source.document, path, key));
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (within, key) =>
      typeof within === 'object' && within !== null ? (within as Record<string, unknown>)[key] : undefined,
    value,
  );

/** The value as it could stand in the file, shortened. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function finding(source: Source, path: Path, allowed: string): Finding {
  const value = valueAt(source.value, path);
  const message = value === undefined ? `is missing: ${allowed}` : `${shown(value)} is not allowed: ${allowed}`;
  return { path: pathText(path), ...place(source, path, null), message };
}

const unknownKey = (source: Source, path: Path, key: string, allowed: string): Finding => ({
  path: pathText([...path, key]),
  ...place(source, path, key),
  message: `${shown(valueAt(source.value, [...path, key]))} is not allowed: there is no such key here, only ${allowed}`,
});

export function findingsOfIssue(source: Source, issue: z.core.$ZodIssue): Finding[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(source, path, key, issue.message));
  if (issue.code === 'invalid_key')
    return [unknownKey(source, path.slice(0, -1), String(path.at(-1)), issue.issues[0]?.message ?? '')];
  return [finding(source, path, issue.message)];
}

export const findingOfBreach = (source: Source, { path, allowed }: Breach): Finding => finding(source, path, allowed);

/** In the order of the file, each fault once. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings
    .filter(({ path, message }) => {
      const key = `${path} ${message}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}
