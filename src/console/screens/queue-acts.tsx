import { useSignal } from '@preact/signals';
import type { Job } from '../../api/shapes.ts';
import { call } from '../client.ts';
import { ActButton, useAct } from '../parts/act.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { keepJobs } from '../state/station.ts';
import { words } from '../words/words.ts';
import type { JobAct } from './queue-list.ts';

interface JobActDialogProps {
  readonly act: JobAct;
  readonly job: Job;
  readonly onClose: () => void;
}

const PRIORITIES = ['normal', 'urgent', 'emergency'] as const;

/** Hold, resume, cancel, refer, priority: each with its consequence and a reason that is recorded. */
export function JobActDialog({ act, job, onClose }: JobActDialogProps) {
  const said = words.value.queue;
  const reason = useSignal('');
  const office = useSignal('');
  const priority = useSignal<Job['priority']>(job.priority);
  const missing = useSignal(false);
  const send = useAct<Record<string, string>, Job>(
    (body, key) => call('POST', `/jobs/${encodeURIComponent(job.id)}/${act}`, { body, key }),
    ({ body }) => {
      keepJobs([body]);
      onClose();
    },
  );
  const submit = () => {
    const text = reason.value.trim();
    missing.value = text === '' || (act === 'refer' && office.value.trim() === '');
    if (missing.value) return;
    if (act === 'refer') void send.run({ office: office.value.trim(), reason: text });
    else if (act === 'priority') void send.run({ priority: priority.value, reason: text });
    else void send.run({ reason: text });
  };
  return (
    <Dialog
      title={said.actTitle[act](job.application)}
      text={said.actText[act]}
      keep={said.leaveIt}
      onClose={onClose}
      onSubmit={submit}
      acts={
        <ActButton look={act === 'cancel' || act === 'refer' ? 'danger' : 'next'} submit busy={send.busy}>
          {said.actVerb[act]}
        </ActButton>
      }
    >
      {missing.value ? (
        <ProblemNote failure={null}>{words.value.app.reasonMissing}</ProblemNote>
      ) : (
        <ProblemNote failure={send.failure} />
      )}
      {act === 'priority' && (
        <Choice
          legend={said.newPriority}
          value={priority.value}
          onChoose={(value) => {
            priority.value = value;
          }}
          options={PRIORITIES.map((value) => ({ value, name: words.value.priority[value] }))}
        />
      )}
      {act === 'refer' && (
        <Field
          label={said.office}
          value={office.value}
          onInput={(value) => {
            office.value = value;
          }}
        />
      )}
      <Field
        label={words.value.app.reason}
        value={reason.value}
        onInput={(value) => {
          reason.value = value;
        }}
      />
    </Dialog>
  );
}
