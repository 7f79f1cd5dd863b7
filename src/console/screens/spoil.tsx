import { useSignal } from '@preact/signals';
import type { SignOff } from '../../api/shapes.ts';
import { call } from '../client.ts';
import { ActButton, useAct } from '../parts/act.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { keepSignOff } from '../state/station.ts';
import { words } from '../words/words.ts';

/** Starts the two-person act of spoiling a booklet; the sign-off then stands where the work is. */
export function SpoilDialog({ booklet, onClose }: { readonly booklet: string; readonly onClose: () => void }) {
  const said = words.value;
  const reason = useSignal('');
  const missing = useSignal(false);
  const spoil = useAct<string, SignOff>(
    (text, key) => call('POST', `/booklets/${encodeURIComponent(booklet)}/spoil`, { body: { reason: text }, key }),
    ({ body }) => {
      keepSignOff(body);
      onClose();
    },
  );
  return (
    <Dialog
      title={said.spoil.title(booklet)}
      text={said.spoil.text}
      keep={said.spoil.keep}
      onClose={onClose}
      onSubmit={() => {
        missing.value = reason.value.trim() === '';
        if (!missing.value) void spoil.run(reason.value.trim());
      }}
      acts={
        <ActButton look="danger" submit busy={spoil.busy}>
          {said.spoil.act}
        </ActButton>
      }
    >
      {missing.value ? (
        <ProblemNote failure={null}>{said.app.reasonMissing}</ProblemNote>
      ) : (
        <ProblemNote failure={spoil.failure} />
      )}
      <Field
        label={said.app.reason}
        value={reason.value}
        onInput={(value) => {
          reason.value = value;
        }}
      />
    </Dialog>
  );
}
