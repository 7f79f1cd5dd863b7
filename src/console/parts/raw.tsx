import type { Printer } from '../../api/shapes.ts';
import { words } from '../words/words.ts';

/** The device's own codes, small, for support (console.md, rule 2). */
export function RawCodes({ printer }: { readonly printer: Printer }) {
  const codes = [printer.state, ...printer.reasons.map((reason) => reason.raw)];
  if (printer.recovery.lastFailure !== null) codes.push(printer.recovery.lastFailure);
  return (
    <p class="raw">
      <span>{words.value.app.support}: </span>
      <code>{codes.join(' · ')}</code>
    </p>
  );
}
