import { rim } from '../rim.ts';
import { touched } from './session.ts';

/**
 * Guards between hands and buttons (console.md, rule 5): a scan's Enter never presses a button, and the first touch
 * after the screen was asleep does nothing.
 */

/** Buttons stay closed to Enter for this long after a scan. */
const AFTER_SCAN_MS = 300;
/** Keys that follow each other faster than this are a scanner's. */
const SCANNER_GAP_MS = 60;
/** Untouched for this long, the screen counts as asleep. */
const ASLEEP_MS = 4 * 60_000;

let focusHome: HTMLElement | null = null;
let lastCharacterAt = Number.NEGATIVE_INFINITY;
let scannedAt = Number.NEGATIVE_INFINITY;
let touchedAt = 0;
let hidden = false;
let waking = false;

/** Where a scan lands when the focus is on nothing that takes text. */
export const setFocusHome = (home: HTMLElement | null): void => {
  focusHome = home;
};

/** Gives the focus to the home of scans, else to `other`; not while a question is open. */
export function focusWork(other: HTMLElement | null): void {
  if (document.querySelector('dialog[open]') !== null) return;
  (focusHome?.isConnected ? focusHome : other)?.focus();
}

/** A field has just taken a scan. */
export const scanTaken = (at: number): void => {
  scannedAt = at;
};

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement
    ? !['radio', 'checkbox', 'file', 'button'].includes(target.type)
    : target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

const swallow = (event: Event): void => {
  event.preventDefault();
  event.stopImmediatePropagation();
};

function onKeyDown(event: KeyboardEvent): void {
  const character = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (takesText(event.target)) return;
  const scanned = event.timeStamp - lastCharacterAt < SCANNER_GAP_MS || event.timeStamp - scannedAt < AFTER_SCAN_MS;
  if (event.key === 'Enter' && scanned) swallow(event);
  if (!character) return;
  lastCharacterAt = event.timeStamp;
  // The character itself then lands in the field that has the focus by the time it is put in.
  if (focusHome?.isConnected && document.querySelector('dialog[open]') === null) focusHome.focus();
}

const asleep = (): boolean => hidden || rim.now() - touchedAt > ASLEEP_MS;

function onPointerDown(event: Event): void {
  waking = asleep();
  hidden = false;
  touchedAt = rim.now();
  touched();
  if (waking) swallow(event);
}

function onClick(event: MouseEvent): void {
  // `detail` 0: pressed by a key or by a screen reader, not by a touch.
  if (waking && event.detail > 0) swallow(event);
  waking = false;
}

/** Puts the guards before every other listener of the page. */
export function startGuards(): void {
  touchedAt = rim.now();
  addEventListener('keydown', onKeyDown, true);
  addEventListener('pointerdown', onPointerDown, true);
  addEventListener('click', onClick, true);
  addEventListener(
    'keydown',
    (event) => {
      if (asleep() && event.key === 'Enter') swallow(event);
      hidden = false;
      touchedAt = rim.now();
      touched();
    },
    true,
  );
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hidden = true;
  });
}
