import { useSignal } from '@preact/signals';
import { ActButton, Acts } from '../parts/act.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { HandSteps } from '../parts/steps.tsx';
import { address } from '../state/route.ts';
import { words } from '../words/words.ts';
import { ConfirmButton, controlRefusal, operatorRefusal, useConfirm, useControl } from './counter-acts.tsx';
import type { PanelProps } from './counter-workplace.tsx';

/** Ink is on its way: nothing to do but leave the book alone. */
export function Busy({ printer, situation, booklet }: PanelProps<'printing'>) {
  const said = words.value.counter;
  const control = useControl(printer.id);
  const asking = useSignal(false);
  const percent = situation.fraction === null ? null : Math.round(situation.fraction * 100);
  return (
    <>
      <ProblemNote failure={control.failure} />
      <p class="large" role="status">
        {said.phase[situation.phase]} {said.leave}
      </p>
      {percent !== null && (
        <div class="progress">
          <progress max={100} value={percent} aria-label={said.progress} />
          <span class="figure">{percent} %</span>
        </div>
      )}
      {situation.phase !== 'intending' && (
        <Acts refused={operatorRefusal()}>
          <ActButton
            busy={control.busy}
            onPress={() => {
              asking.value = true;
            }}
          >
            {said.cancelPrint}
          </ActButton>
        </Acts>
      )}
      {asking.value && (
        <Dialog
          title={said.cancelTitle(booklet ?? '')}
          text={said.cancelText}
          keep={said.keepPrinting}
          onClose={() => {
            asking.value = false;
          }}
          acts={
            <ActButton
              look="danger"
              onPress={() => {
                asking.value = false;
                void control.run('cancel');
              }}
            >
              {said.cancelPrint}
            </ActButton>
          }
        >
          {null}
        </Dialog>
      )}
    </>
  );
}

/** The printer needs hands: with a page kept (`waiting`) or without one (`attention`). */
export function Interrupted({ printer, situation }: PanelProps<'waiting' | 'attention'>) {
  const said = words.value;
  const confirm = useConfirm(printer.id);
  const control = useControl(printer.id);
  const causes = situation.causes.length > 0 ? situation.causes : (['other'] as const);
  const inside = situation.kind === 'attention' && printer.booklet === 'present';
  return (
    <>
      <ProblemNote failure={confirm.failure ?? control.failure} />
      <HandSteps steps={causes.map((cause) => said.cause[cause].step)} />
      {situation.kind === 'waiting' && <p class="muted">{said.counter.waitingText}</p>}
      <Acts split refused={operatorRefusal()}>
        {inside && (
          <ActButton busy={control.busy} onPress={() => void control.run('eject')}>
            {said.counter.eject}
          </ActButton>
        )}
        {situation.asked &&
          (printer.asks.includes('booklet-removed') ? (
            <ConfirmButton act={confirm} step="booklet-removed" label={said.counter.removed} />
          ) : (
            <ConfirmButton act={confirm} step="attended" label={said.counter.attended} />
          ))}
      </Acts>
    </>
  );
}

/** The outcome is open: people settle it, on its own screen. */
export function InDoubt({ printer, situation }: PanelProps<'in-doubt'>) {
  const said = words.value;
  const confirm = useConfirm(printer.id);
  const control = useControl(printer.id);
  const open = situation.resolved === null;
  const attempt = printer.lock?.attempt ?? printer.attempt;
  return (
    <>
      <ProblemNote failure={confirm.failure ?? control.failure} />
      <p class="large">{open ? said.counter.doubtText : said.counter.doubtResolved}</p>
      {!situation.connected && <p class="muted">{said.situation.disconnected.title}.</p>}
      {situation.purge && <HandSteps steps={said.counter.purgeSteps} />}
      <Acts split refused={operatorRefusal()}>
        {!situation.connected && (
          <ActButton busy={control.busy} onPress={() => void control.run('retry-connect')}>
            {said.counter.retry}
          </ActButton>
        )}
        {situation.purge && (
          <ConfirmButton act={confirm} step="purged" label={said.counter.purged} look={open ? 'plain' : 'next'} />
        )}
        {open && (
          <a class="button next" href={address('doubt', attempt)}>
            {said.counter.settle}
          </a>
        )}
      </Acts>
    </>
  );
}

export function Paused({ printer }: PanelProps<'paused'>) {
  const said = words.value.counter;
  const control = useControl(printer.id);
  return (
    <>
      <ProblemNote failure={control.failure} />
      <p class="large">{said.pausedText}</p>
      <Acts refused={controlRefusal()}>
        <ActButton look="next" busy={control.busy} onPress={() => void control.run('resume')}>
          {said.resume}
        </ActButton>
      </Acts>
    </>
  );
}

/** The recovery ladder is at work, or asks a person. */
export function Offline({ printer, situation }: PanelProps<'disconnected'>) {
  const said = words.value.counter;
  const control = useControl(printer.id);
  const { tries } = printer.recovery;
  return (
    <>
      <ProblemNote failure={control.failure} />
      <HandSteps steps={said.disconnectedSteps} />
      <p class="muted" role="status">
        {said.trying} {tries > 0 && said.tries(tries)}
      </p>
      {!situation.trying && (
        <Acts refused={controlRefusal()}>
          <ActButton look="next" busy={control.busy} onPress={() => void control.run('retry-connect')}>
            {said.retry}
          </ActButton>
        </Acts>
      )}
    </>
  );
}

export function Starting({ situation }: PanelProps<'starting'>) {
  return (
    <p class="large" role="status">
      {words.value.counter.phaseStart[situation.phase]}
    </p>
  );
}

export function Wrong({ printer }: PanelProps<'wrong-device'>) {
  const said = words.value.counter;
  const control = useControl(printer.id);
  return (
    <>
      <ProblemNote failure={control.failure} />
      <HandSteps steps={said.wrongSteps} />
      {printer.identity !== null && <p class="muted">{said.found(printer.identity.model)}</p>}
      <Acts refused={controlRefusal()}>
        <ActButton look="next" busy={control.busy} onPress={() => void control.run('retry-connect')}>
          {said.retry}
        </ActButton>
      </Acts>
    </>
  );
}

export function Unknown() {
  const said = words.value.app;
  return (
    <>
      <p class="large">{said.pageTooOld}</p>
      <Acts>
        <ActButton look="next" onPress={() => location.reload()}>
          {said.reload}
        </ActButton>
      </Acts>
    </>
  );
}
