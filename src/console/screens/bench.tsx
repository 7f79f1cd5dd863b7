import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ActButton, Acts, useAct } from '../parts/act.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { rim } from '../rim.ts';
import { address, route } from '../state/route.ts';
import { printers, station } from '../state/station.ts';
import { words } from '../words/words.ts';
import { BenchCentre } from './bench-centre.tsx';
import {
  type BenchAct,
  type BenchPrinter,
  bench,
  doAtPrinter,
  HANDS,
  HAZARDS,
  loadBench,
  pictureAge,
  possible,
} from './bench-state.ts';

const LOOK_AGAIN_MS = 2000;

/** The hands and the hazards of a simulated station, and the page as it really is on the booklet. */
export function BenchScreen() {
  const said = words.value.bench;
  useEffect(() => {
    void loadBench();
    return rim.every(LOOK_AGAIN_MS, () => {
      void loadBench();
      pictureAge.value += 1;
    });
  }, []);
  if (station.value?.simulated === false) return <p class="large">{said.onlySimulated}</p>;
  const state = bench.value;
  if (state === null) return <p class="muted">{words.value.app.loading}</p>;
  const chosen = state.printers.find((one) => one.id === route.value.item) ?? state.printers[0];
  return (
    <div class="screen bench">
      <div class="bench-head">
        <h1 tabIndex={-1}>{said.title}</h1>
        <nav aria-label={words.value.counter.printers}>
          <ul class="tabs">
            {state.printers.map((one) => (
              <li key={one.id}>
                <a href={address('bench', one.id)} aria-current={one.id === chosen?.id ? 'true' : undefined}>
                  {one.id}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      {chosen !== undefined && <BenchOfPrinter key={chosen.id} printer={chosen} trays={state.trays} />}
      <BenchCentre state={state} />
    </div>
  );
}

function BenchOfPrinter({ printer, trays }: { readonly printer: BenchPrinter; readonly trays: readonly string[] }) {
  const said = words.value.bench;
  // The booklet that the counter waits for is the one that a hand would take.
  const wanted = printers.value.get(printer.id)?.binding?.booklet ?? null;
  const picked = useSignal<string | null>(null);
  const number = picked.value ?? wanted ?? trays[0] ?? '';
  const options = wanted !== null && !trays.includes(wanted) ? [wanted, ...trays] : trays;
  const act = useAct<{ do: BenchAct; number?: string }, unknown>(
    (body, key) => doAtPrinter(printer.id, body, key),
    () => {
      picked.value = null;
      pictureAge.value += 1;
      void loadBench();
    },
  );
  const press = (what: BenchAct) => void act.run(what === 'insert-booklet' ? { do: what, number } : { do: what });
  const inside = printer.booklet?.number ?? null;
  const hazards = HAZARDS.filter((one) => possible(printer, one));
  const source = `/api/v1/bench/printers/${encodeURIComponent(printer.id)}/picture.png?at=${pictureAge.value}`;
  const missing = useSignal(false);
  const state = [
    printer.powered ? said.device[printer.deviceState] : said.off,
    ...(printer.plugged ? [] : [said.unplugged]),
    ...(printer.coverOpen ? [said.coverOpen] : []),
  ].join(', ');
  return (
    <div class="bench-printer">
      <figure class="page-picture">
        <img
          class={missing.value ? 'unseen' : undefined}
          src={source}
          alt={inside === null ? said.page : said.pageAlt(inside)}
          onLoad={() => {
            missing.value = false;
          }}
          onError={() => {
            missing.value = true;
          }}
        />
        {missing.value && <p class="no-page">{said.noPage}</p>}
        <figcaption>
          <span class="strong">{inside === null ? said.empty : said.inside(inside)}</span>
          <span class="muted">{state}</span>
        </figcaption>
      </figure>
      <div class="bench-acts">
        <ProblemNote failure={act.failure} />
        <h2>{said.hands}</h2>
        {inside === null && (
          <div class="field">
            <label for="tray">{said.tray}</label>
            <select
              id="tray"
              value={number}
              onChange={(event) => {
                picked.value = event.currentTarget.value;
              }}
            >
              {options.slice(0, 40).map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </div>
        )}
        <Acts>
          {HANDS.filter((one) => possible(printer, one)).map((one) => (
            <ActButton
              key={one}
              busy={act.busy}
              look={one === 'insert-booklet' && wanted !== null ? 'next' : 'plain'}
              onPress={() => press(one)}
            >
              {said.act[one]}
            </ActButton>
          ))}
        </Acts>
        {hazards.length > 0 && <h2>{said.hazards}</h2>}
        <Acts>
          {hazards.map((one) => (
            <ActButton key={one} busy={act.busy} onPress={() => press(one)}>
              {said.act[one]}
            </ActButton>
          ))}
        </Acts>
      </div>
    </div>
  );
}
