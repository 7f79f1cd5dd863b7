import type { Situation } from '../../../src/console/situation.ts';
import type { TestOffice } from '../office.ts';
import { type Ink, inkOn } from './ink.ts';
import { intendedPage } from './truth.ts';

/**
 * The person at one counter. Knows what the screen shows and what eyes see at the printer, and does what the screen
 * says: nothing else. Where the screen gives no step, nothing happens, and the case fails for want of words.
 */
export interface Attendant {
  /** Prints the job on one of the booklets, through whatever happens, until the screen is free for the next one. */
  serves(job: string, booklets: readonly string[]): Promise<void>;
  /** Every situation that the screen showed, in order, each once in a row: `in-doubt/away/purge`. */
  readonly screens: readonly string[];
  /** What was done with hands and at the screen, in order. */
  readonly steps: readonly string[];
  /** Called once, when the screen next shows such a situation, before anything is done about it. */
  when(kind: Situation['kind'], act: () => void | Promise<void>): void;
}

/** A person looks up twice a second. */
const LOOK = 500;
/** Milliseconds after which a case that does not come to an end has failed. */
const PATIENCE = 3 * 3_600_000;
/** Looks at a printer that does not answer, with nothing to be seen at it, before it is switched off and on. */
const LOOKS_BEFORE_SWITCHING = 120;
/** Looks at a screen that does not notice what was done, before the printer is asked afresh. */
const LOOKS_BEFORE_ASKING = 20;
/** Looks while the station tries to reach a printer in doubt, before the booklet is taken out by hand. */
const LOOKS_BEFORE_HANDS = 6;

/** A situation in short, with what tells two screens of the same kind apart. */
export function screenOf(situation: Situation): string {
  const marks: string[] = [];
  if ('causes' in situation) marks.push(...situation.causes);
  if (situation.kind === 'in-doubt') {
    marks.push(situation.connected ? 'there' : 'away');
    if (situation.purge) marks.push('purge');
    if (situation.resolved !== null) marks.push(situation.resolved);
  }
  return [situation.kind, ...marks].join('/');
}

export function attendantAt(office: TestOffice, printer = 'counter-1'): Attendant {
  const device = office.printer(printer);
  const screens: string[] = [];
  const steps: string[] = [];
  const hooks: { readonly kind: string; readonly act: () => void | Promise<void> }[] = [];
  /** Looks at the same screen in a row in which there was nothing to do. */
  let looksInVain = 0;
  let seen = { screens: 0, steps: 0 };

  const step = (text: string, act: () => void): void => {
    steps.push(text);
    act();
  };

  /** What somebody sees and mends who looks at the printer; `false` where nothing is to be seen. */
  const handsOn = (): boolean => {
    const { status, stops, error, place } = device.device.snapshot();
    if (!device.line.plugged) step('plug in', () => device.replug());
    else if (status === 'off') step('switch on', () => device.powerOn());
    else if (place === 'jammed') step('free the booklet', () => device.removeBooklet());
    else if (stops.includes('cover')) step('close the cover', () => device.closeCover());
    else if (error !== null) step('clear the error', () => device.clearError());
    else if (stops.includes('key') || stops.includes('off-line')) step('press START', () => device.pressStart());
    else return false;
    return true;
  };

  const takeOut = (): void => {
    if (device.device.booklet !== null) step('take the booklet out', () => device.removeBooklet());
  };

  /** The screen waits for something that the person has done already: "connect again". */
  const askAfresh = (): void => {
    if (looksInVain % LOOKS_BEFORE_ASKING !== 0) return;
    step('ask the printer afresh', () => office.sari.tells(printer, 'RETRY_CONNECT'));
  };

  /** The screen's button where the printer can still push it out, else by hand. */
  const getOut = (): void => {
    const { place } = device.device.snapshot();
    if (place === 'inside' && office.station.printer(printer).snapshot.can({ type: 'EJECT' })) {
      step('push the booklet out', () => office.sari.tells(printer, 'EJECT'));
    } else takeOut();
  };

  const insert = (): void => {
    const number = office.view(printer).binding?.booklet;
    if (number === undefined || device.device.booklet?.number === number) return;
    takeOut();
    step('insert the booklet', () => office.inserts(printer, number));
  };

  const lookedAt = async (number: string, job: string): Promise<Ink> => {
    const booklet = device.booklets.get(number);
    return booklet === undefined ? 'none' : inkOn(booklet, await intendedPage(office.station, job, number));
  };

  /** The booklet in hand: two people, or a reader and one, say what became of it. */
  const settle = async (attempt: string, connected: boolean): Promise<void> => {
    const row = office.journal.attempt(attempt);
    if (row === undefined || row.state !== 'in-doubt') return;
    if (device.device.booklet !== null) {
      if (connected || looksInVain >= LOOKS_BEFORE_HANDS) getOut();
      return;
    }
    const ink = await lookedAt(row.booklet, row.job);
    const empty = office.view(printer).lock?.deviceEmpty === true;
    if (ink === 'none' && !empty) return;
    if (ink === 'whole') {
      const { match } = office.sari.readsBack(attempt, office.readsMrz(row.booklet));
      if (match) {
        step('one person: printed', () => office.sari.resolves(attempt, 'printed'));
        return;
      }
    }
    const outcome = ink === 'none' ? 'blank' : 'spoiled';
    steps.push(`two people: ${outcome}`);
    const resolved = office.sari.resolves(attempt, outcome);
    if (resolved.kind !== 'sign-off') throw new Error('one person was enough');
    await office.dewi.signs(resolved.signOff.id);
  };

  const purge = async (): Promise<void> => {
    takeOut();
    steps.push('switch off and on, empty');
    await office.switchesOffAndOn(printer);
    // The station may have found out by itself meanwhile.
    if (office.view(printer).asks.includes('purged')) office.sari.confirms(printer, 'purged');
  };

  const readBack = async (attempt: string): Promise<void> => {
    const row = office.journal.attempt(attempt);
    if (row === undefined) return;
    const seen = office.sari.readsBack(attempt, office.readsMrz(row.booklet));
    steps.push(seen.match ? 'read back: match' : 'read back: differs');
    if (!seen.match) await spoil(row.booklet);
  };

  const spoil = async (booklet: string): Promise<void> => {
    steps.push('two people: spoil');
    await office.dewi.signs(office.sari.asksToSpoil(booklet).id);
    // What made the page bad is looked for: a new ribbon does no harm.
    device.addFault({ kind: 'ribbon-faint', share: 0, trigger: { at: 'time', ms: 0 } });
  };

  /** Another person than the one who printed looks at the whole page. */
  const checkQuality = async (job: string): Promise<void> => {
    const booklet = office.journal.job(job)?.booklet;
    if (office.jobState(job) !== 'quality-check' || booklet == null) return;
    const whole = (await lookedAt(booklet, job)) === 'whole';
    step(`quality: ${whole ? 'pass' : 'fail'}`, () => office.budi.checksQuality(job, whole ? 'pass' : 'fail'));
    if (!whole) await spoil(booklet);
  };

  /** One look at the screen and the printer, and what follows from it. Gives whether the job can begin or has ended. */
  const look = async (): Promise<'free' | 'busy'> => {
    const situation = office.situation(printer);
    const screen = screenOf(situation);
    const done = steps.length;
    if (screens.at(-1) !== screen) screens.push(screen);
    looksInVain = screens.length === seen.screens && done === seen.steps ? looksInVain + 1 : 0;
    seen = { screens: screens.length, steps: done };
    const hook = hooks.findIndex(({ kind }) => kind === situation.kind);
    if (hook >= 0) {
      await hooks.splice(hook, 1)[0]?.act();
      return 'busy';
    }
    const view = office.view(printer);
    const causes = 'causes' in situation ? situation.causes : [];
    switch (situation.kind) {
      case 'free':
        return 'free';
      case 'attention':
        if (causes.includes('booklet-inside') && device.device.booklet !== null) getOut();
        else if (!handsOn() && situation.asked && looksInVain >= LOOKS_BEFORE_ASKING)
          step('say that it is done', () => office.sari.confirms(printer, 'attended'));
        break;
      case 'insert':
        if (causes.length > 0 && handsOn()) break;
        insert();
        if (situation.asked) step('say that it is inserted', () => office.sari.confirms(printer, 'booklet-inserted'));
        else if (looksInVain > 0) askAfresh();
        break;
      case 'print':
        if (causes.length > 0) handsOn();
        else {
          steps.push('print');
          await office.sari.prints(printer);
        }
        break;
      case 'waiting':
        if (causes.includes('media-needed')) insert();
        else handsOn();
        break;
      case 'read-back':
        if (view.attempt !== null) await readBack(view.attempt);
        break;
      case 'remove':
        getOut();
        if (situation.asked) step('say that it is out', () => office.sari.confirms(printer, 'booklet-removed'));
        else if (looksInVain > 0) askAfresh();
        break;
      case 'disconnected':
        // "Check that the printer is switched on, the cable, that it is on line."
        if (!handsOn() && looksInVain >= LOOKS_BEFORE_SWITCHING) {
          steps.push('switch off and on');
          await office.switchesOffAndOn(printer);
        }
        break;
      case 'in-doubt':
        if (!situation.connected && handsOn()) break;
        if (situation.purge && looksInVain >= LOOKS_BEFORE_HANDS) await purge();
        else if (view.lock !== null) await settle(view.lock.attempt, situation.connected);
        break;
      case 'paused':
        step('go on', () => office.sari.tells(printer, 'RESUME'));
        break;
      case 'starting':
      case 'printing':
      case 'wrong-device':
      case 'unknown':
        break;
    }
    return 'busy';
  };

  return {
    screens,
    steps,
    when: (kind, act) => void hooks.push({ kind, act }),
    async serves(job, booklets) {
      const until = office.time.now() + PATIENCE;
      for (;;) {
        if (office.time.now() > until)
          throw new Error(`no end:\n${screens.join(' > ')}\n${steps.join(', ')}\n${office.story()}`);
        const free = (await look()) === 'free';
        if (free) await checkQuality(job);
        const state = office.jobState(job);
        if (free && state !== 'released') return;
        const blank = booklets.find((number) => office.journal.booklet(number)?.state === 'in-stock');
        if (free && blank !== undefined) {
          steps.push(`bind ${blank}`);
          office.sari.binds(printer, job, blank);
        }
        await office.pass(LOOK);
      }
    },
  };
}
