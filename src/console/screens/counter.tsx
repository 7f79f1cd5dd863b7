import { useEffect } from 'preact/hooks';
import { ToneMark } from '../parts/icon.tsx';
import { situationOf, toneOf } from '../situation.ts';
import { connection } from '../state/live.ts';
import { address, route } from '../state/route.ts';
import { jobAt, loadJobs, printerList } from '../state/station.ts';
import { words } from '../words/words.ts';
import { Workplace } from './counter-workplace.tsx';

/**
 * The counter: every printer of the station with its one situation in the rail, and the chosen one's work beside it.
 * The places of the rail never move: they stand as the printers stand.
 */
export function CounterScreen() {
  const all = printerList.value;
  const chosen = all.find((printer) => printer.id === route.value.item) ?? all[0] ?? null;
  const epoch = connection.value;
  useEffect(() => {
    void loadJobs(['released', 'bound', 'printing', 'printed', 'in-doubt', 'quality-check']);
  }, [epoch]);
  const said = words.value;
  if (chosen === null) {
    return (
      <div class="screen">
        <h1 tabIndex={-1}>{said.nav.counter}</h1>
        <p>{said.counter.noPrinter}</p>
      </div>
    );
  }
  return (
    <div class={all.length > 1 ? 'counter' : 'counter alone'}>
      {all.length > 1 && (
        <nav class="rail" aria-label={said.counter.printers}>
          <ul>
            {all.map((printer) => {
              const situation = situationOf(printer);
              const tone = toneOf(situation);
              return (
                <li key={printer.id}>
                  <a
                    href={address('counter', printer.id)}
                    class={`place ${tone}`}
                    aria-current={printer.id === chosen.id ? 'true' : undefined}
                  >
                    <span class="place-name">{printer.id}</span>
                    <span class="place-state">
                      <ToneMark tone={tone} />
                      <span>{said.situation[situation.kind].name}</span>
                    </span>
                    <span class="place-more">{placeLine(printer)}</span>
                  </a>
                </li>
              );
            })}
          </ul>
        </nav>
      )}
      <Workplace key={chosen.id} printer={chosen} />
    </div>
  );
}

/** One short line more: the booklet, or what is wrong. */
function placeLine(printer: Parameters<typeof situationOf>[0]): string {
  const situation = situationOf(printer);
  if ('causes' in situation && situation.causes[0] !== undefined) return words.value.cause[situation.causes[0]].name;
  return printer.binding?.booklet ?? jobAt(printer)?.booklet ?? '';
}
