import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Job, Printer } from '../../api/shapes.ts';
import { ActButton, Acts } from '../parts/act.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { HandSteps } from '../parts/steps.tsx';
import { bookletIn, isBookletNumber } from '../scan.ts';
import { scanTaken, setFocusHome } from '../state/guard.ts';
import { staleSince } from '../state/live.ts';
import { central, released } from '../state/station.ts';
import { words } from '../words/words.ts';
import {
  ConfirmButton,
  operatorRefusal,
  useBind,
  useConfirm,
  useControl,
  usePrint,
  useUnbind,
} from './counter-acts.tsx';
import type { PanelProps } from './counter-workplace.tsx';

/** Step 1: a released job meets a booklet; without a job it says who can bring one. */
export function Free({ printer }: PanelProps<'free'>) {
  const said = words.value.counter;
  const control = useControl(printer.id);
  const next = released.value[0];
  const waiting = central.value?.jobsWaiting ?? 0;
  const pause = (
    <ActButton busy={control.busy} onPress={() => void control.run('pause')}>
      {said.pause}
    </ActButton>
  );
  if (next !== undefined && operatorRefusal() === null)
    return <ScanBooklet printer={printer} job={next} pause={pause} />;
  return (
    <>
      <ProblemNote failure={control.failure} />
      {next === undefined && <p class="large">{said.noJobText}</p>}
      {next === undefined && waiting > 0 && <p class="muted">{words.value.link.kept(waiting)}</p>}
      <Acts refused={operatorRefusal()}>{pause}</Acts>
    </>
  );
}

interface ScanProps {
  readonly printer: Printer;
  readonly job: Job;
  readonly pause: ComponentChildren;
}

/** The number of the booklet, scanned or typed. Its Enter takes the number and presses nothing. */
function ScanBooklet({ printer, job, pause }: ScanProps) {
  const said = words.value.counter;
  const text = useSignal('');
  const fault = useSignal<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const bind = useBind(printer.id);

  useEffect(() => {
    setFocusHome(field.current);
    field.current?.focus();
    return () => setFocusHome(null);
  }, []);

  const take = () => {
    const booklet = bookletIn(text.value);
    bind.forget();
    fault.value = isBookletNumber(booklet) ? null : said.badNumber;
    if (fault.value === null && staleSince.value === null) void bind.run({ job: job.id, booklet });
    field.current?.select();
  };

  return (
    <form
      class="scan"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      {fault.value === null ? (
        <ProblemNote failure={bind.failure} />
      ) : (
        <ProblemNote failure={null}>{fault.value}</ProblemNote>
      )}
      <div class="field">
        <label for="booklet-number">{said.scanLabel}</label>
        <input
          id="booklet-number"
          class="scan-line"
          ref={field}
          value={text.value}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          aria-describedby="booklet-hint"
          onInput={(event) => {
            text.value = event.currentTarget.value.toUpperCase();
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            scanTaken(event.timeStamp);
            take();
          }}
        />
        <p class="hint" id="booklet-hint">
          {said.scanHint}
        </p>
      </div>
      <Acts split refused={operatorRefusal()}>
        {pause}
        <ActButton look="next" submit busy={bind.busy}>
          {said.bind}
        </ActButton>
      </Acts>
    </form>
  );
}

/** Step 2: the booklet goes in; sensed, or confirmed where no sensor tells. */
export function Insert({ printer, situation }: PanelProps<'insert'>) {
  const said = words.value.counter;
  const confirm = useConfirm(printer.id);
  const unbind = useUnbind(printer.id);
  return (
    <>
      <ProblemNote failure={confirm.failure ?? unbind.failure} />
      <p class="large">{said.insertText}</p>
      {situation.causes.length > 0 && (
        <HandSteps steps={situation.causes.map((cause) => words.value.cause[cause].step)} />
      )}
      {!situation.asked && <p class="muted">{said.sensesInsert}</p>}
      <Acts split refused={operatorRefusal()}>
        <UndoButton act={unbind} />
        {situation.asked && <ConfirmButton act={confirm} step="booklet-inserted" label={said.inserted} />}
      </Acts>
      {operatorRefusal() === null && <p class="muted">{said.undoText}</p>}
    </>
  );
}

function UndoButton({ act }: { readonly act: ReturnType<typeof useUnbind> }) {
  return (
    <ActButton busy={act.busy} onPress={() => void act.run(null)}>
      {words.value.counter.undo}
    </ActButton>
  );
}

/** Step 3: ink. */
export function Print({ printer, situation }: PanelProps<'print'>) {
  const said = words.value.counter;
  const print = usePrint(printer.id);
  const unbind = useUnbind(printer.id);
  const control = useControl(printer.id);
  const { binding } = printer;
  const refused = situation.paused
    ? said.pausedPrint
    : situation.causes.length > 0 || binding === null
      ? said.blockedPrint
      : null;
  return (
    <>
      <ProblemNote failure={print.failure ?? unbind.failure ?? control.failure} />
      {situation.causes.length > 0 ? (
        <HandSteps steps={situation.causes.map((cause) => words.value.cause[cause].step)} />
      ) : (
        <p class="large">{said.printText}</p>
      )}
      <Acts split refused={operatorRefusal()}>
        <UndoButton act={unbind} />
        {situation.paused && (
          <ActButton busy={control.busy} onPress={() => void control.run('resume')}>
            {said.resume}
          </ActButton>
        )}
        <ActButton
          look="next"
          busy={print.busy}
          refused={refused}
          onPress={() => {
            if (binding !== null) void print.run({ binding: binding.id });
          }}
        >
          {said.print}
        </ActButton>
      </Acts>
      {operatorRefusal() === null && <p class="muted">{said.undoText}</p>}
    </>
  );
}

/** Step 5: the book comes out, and what became of it is said. */
export function Remove({ printer, situation, booklet, fate }: PanelProps<'remove'>) {
  const said = words.value;
  const confirm = useConfirm(printer.id);
  const control = useControl(printer.id);
  return (
    <>
      <ProblemNote failure={confirm.failure ?? control.failure} />
      {fate !== null && booklet !== null && (
        <p class="large" role="status">
          {said.book.fate[fate](booklet)} {said.book.next[fate]}
        </p>
      )}
      {!situation.asked && <p class="muted">{said.counter.sensesRemoval}</p>}
      <Acts split refused={operatorRefusal()}>
        <ActButton busy={control.busy} onPress={() => void control.run('eject')}>
          {said.counter.eject}
        </ActButton>
        {situation.asked && <ConfirmButton act={confirm} step="booklet-removed" label={said.counter.removed} />}
      </Acts>
    </>
  );
}
