import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ProblemNote } from '../parts/problem.tsx';
import { setFocusHome } from '../state/guard.ts';
import { signOffs } from '../state/station.ts';
import { words } from '../words/words.ts';
import { ConfirmButton, operatorRefusal, useConfirm } from './counter-acts.tsx';
import type { PanelProps } from './counter-workplace.tsx';
import { ReadBackForm } from './read-back-form.tsx';
import { SecondPerson } from './second-person.tsx';
import { SpoilDialog } from './spoil.tsx';

/** Step 4: the two lines on the page are read and compared with what was approved. */
export function ReadBack({ printer, situation, booklet }: PanelProps<'read-back'>) {
  const said = words.value;
  const confirm = useConfirm(printer.id);
  const spoiling = useSignal(false);
  const { attempt } = printer;
  const open = [...signOffs.value.values()].find((one) => one.subject === booklet || one.subject === attempt);

  useEffect(() => () => setFocusHome(null), []);

  if (operatorRefusal() !== null || attempt === null) return <p class="reason">{operatorRefusal()}</p>;
  if (open !== undefined) return <SecondPerson signOff={open} />;
  return (
    <>
      <ProblemNote failure={confirm.failure} />
      <ReadBackForm
        attempt={attempt}
        printer={printer.id}
        home
        also={
          situation.asked && (
            <ConfirmButton act={confirm} step="booklet-removed" label={said.counter.removed} look="plain" />
          )
        }
        onSpoil={() => {
          spoiling.value = true;
        }}
      />
      {spoiling.value && booklet !== null && (
        <SpoilDialog
          booklet={booklet}
          onClose={() => {
            spoiling.value = false;
          }}
        />
      )}
    </>
  );
}
