/** Who may do what (domain.md, "People"): the one home of the role table. */
export const ROLES = ['operator', 'quality', 'supervisor', 'auditor', 'technician'] as const;
export type Role = (typeof ROLES)[number];

/** Acts that a person does at this station, each allowed to the roles named (station.md, HTTP API). */
export const ACTS = {
  'job.receive': ['operator'],
  'job.read': ['operator', 'quality', 'supervisor', 'auditor'],
  'job.hold': ['supervisor'],
  'job.resume': ['supervisor'],
  'job.cancel': ['supervisor'],
  'job.refer': ['supervisor'],
  'job.priority': ['operator', 'supervisor'],
  'job.release': ['supervisor'],
  'job.quality': ['quality'],
  'job.hand-over': ['operator'],
  'family.policy': ['supervisor'],
  'printer.read': ['operator', 'quality', 'supervisor', 'auditor', 'technician'],
  'printer.bind': ['operator'],
  'printer.print': ['operator'],
  'printer.confirm': ['operator'],
  'printer.control': ['operator', 'technician'],
  'attempt.read-back': ['operator'],
  'attempt.resolve': ['operator'],
  'booklet.read': ['operator', 'quality', 'supervisor', 'auditor'],
  'booklet.receive': ['supervisor'],
  'booklet.spoil': ['operator', 'supervisor'],
  'sign-off.sign': ['operator', 'quality', 'supervisor'],
  'statement.import': ['operator'],
  'station.read': ['operator', 'quality', 'supervisor', 'auditor', 'technician'],
} as const satisfies Record<string, readonly Role[]>;
export type Act = keyof typeof ACTS;

export const mayDo = (roles: readonly Role[], act: Act): boolean =>
  roles.some((role) => (ACTS[act] as readonly Role[]).includes(role));

/** Who acted: a signed-in person, a person at the machine's own command line (`local:<user>`), or the station itself. */
export type Actor =
  | { readonly kind: 'person'; readonly name: string; readonly roles: readonly Role[] }
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'station' };

export const actorName = (actor: Actor): string =>
  actor.kind === 'person' ? actor.name : actor.kind === 'local' ? `local:${actor.name}` : 'station';

/** PINs: 6-12 digits, not all equal and not a run up or down (domain.md). */
export function pinFault(pin: string): string | null {
  if (!/^[0-9]{6,12}$/.test(pin)) return 'a PIN has 6 to 12 digits';
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
  if (steps.size === 1 && (steps.has(0) || steps.has(1) || steps.has(-1)))
    return 'a PIN must not be one digit repeated or a run such as 123456';
  return null;
}

/**
 * Seconds that sign-in stays closed after the given number of wrong PINs in a row: none below 5, then 30 s growing to
 * 15 min (domain.md).
 */
export const signInDelaySeconds = (wrong: number): number => (wrong < 5 ? 0 : Math.min(900, 30 * 2 ** (wrong - 5)));
