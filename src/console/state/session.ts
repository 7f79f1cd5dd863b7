import { computed, signal } from '@preact/signals';
import type { Session } from '../../api/shapes.ts';
import type { Role } from '../../domain/people.ts';
import { type Answer, call, get } from '../client.ts';
import { rim } from '../rim.ts';
import { forgetAll } from './station.ts';
import { stationNow } from './time.ts';

/**
 * Who is signed in. The token itself stays in the HttpOnly cookie; after a reload the station is asked.
 */
export interface SignedIn {
  readonly person: string;
  readonly roles: readonly Role[];
  /** Idle time after which the station ends the session, milliseconds. */
  readonly idleMs: number;
}

export const signedIn = signal<SignedIn | null>(null);
/** Why nobody is signed in: first visit, own wish, idle time, or the station ended it. */
export const signedOutBy = signal<'start' | 'person' | 'idle' | 'station'>('start');
/** Name that the sign-in form offers after a lock. */
export const lastPerson = signal('');

export const has = (...roles: readonly Role[]): boolean =>
  roles.some((role) => signedIn.value?.roles.includes(role) ?? false);

export const person = computed(() => signedIn.value?.person ?? null);

const DEFAULT_IDLE_MS = 5 * 60_000;

let lastTouch = 0;
let lastCall = 0;

/** A key or a touch of the person: the idle time starts anew. */
export const touched = (): void => {
  lastTouch = rim.now();
};

/** Takes up the session that the cookie stands for, after a reload of the page: loading it is an act of a person. */
export async function recallSession(): Promise<void> {
  const found = await get<Omit<Session, 'token'>>('/session');
  if (!found.ok) return;
  await get('/central');
  const renewed = await get<Omit<Session, 'token'>>('/session');
  if (renewed.ok) enter(renewed.value.body);
}

function enter({ person: name, roles, expires }: Omit<Session, 'token'>): void {
  const left = Date.parse(expires) - stationNow();
  touched();
  lastCall = rim.now();
  lastPerson.value = name;
  signedIn.value = { person: name, roles, idleMs: left > 0 ? left : DEFAULT_IDLE_MS };
}

export async function signIn(user: string, pin: string, key: string): Promise<Answer<Session>> {
  const answer = await call<Session>('POST', '/session', { body: { user, pin }, key });
  if (!answer.ok) return answer;
  enter(answer.value.body);
  return answer;
}

const leave = (by: 'person' | 'idle' | 'station'): void => {
  if (signedIn.value === null) return;
  lastPerson.value = by === 'person' ? '' : signedIn.value.person;
  signedOutBy.value = by;
  signedIn.value = null;
  forgetAll();
};

export async function signOut(): Promise<void> {
  await call('DELETE', '/session', { key: rim.newKey() });
  leave('person');
}

export const sessionEnded = (): void => leave('station');

/** Locks after the idle time, and keeps the station's session as long as the person is at work. */
export const watchIdle = (): (() => void) =>
  rim.every(1000, () => {
    const session = signedIn.value;
    if (session === null) return;
    if (rim.now() - lastTouch >= session.idleMs) {
      void call('DELETE', '/session', { key: rim.newKey() });
      leave('idle');
    } else if (lastTouch > lastCall && rim.now() - lastCall > session.idleMs / 4) {
      lastCall = rim.now();
      void call('GET', '/central');
    }
  });

/** What the queue offers to whom (domain.md, "People"); the station itself decides. */
export const mayDo = (act: 'priority' | 'supervise'): boolean =>
  act === 'priority' ? has('operator', 'supervisor') : has('supervisor');
