import { useSignal } from '@preact/signals';
import type { Job } from '../../api/shapes.ts';
import { Icon, ToneMark } from '../parts/icon.tsx';
import { mayDo } from '../state/session.ts';
import { age, now, span, until } from '../state/time.ts';
import { words } from '../words/words.ts';
import { actsOn, isOverdue, type JobAct } from './queue-list.ts';

const PAGE = 60;

interface QueueTableProps {
  readonly jobs: readonly Job[];
  readonly selectable: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (ids: readonly string[], on: boolean) => void;
  readonly onFamily: (family: string) => void;
  readonly onAct: (act: JobAct, job: Job) => void;
}

export function QueueTable(props: QueueTableProps) {
  const said = words.value.queue;
  const limit = useSignal(PAGE);
  const { jobs } = props;
  if (jobs.length === 0) {
    return (
      <div class="table-empty">
        <p class="large">{said.empty}</p>
        <p class="muted">{said.emptyText}</p>
      </div>
    );
  }
  const rest = jobs.length - limit.value;
  return (
    <div class="table-frame">
      <table class="queue-table">
        <thead>
          <tr>
            {props.selectable && (
              <th scope="col" class="select">
                <span class="unseen">{said.columns.select}</span>
              </th>
            )}
            <th scope="col">{said.columns.application}</th>
            <th scope="col">{said.columns.stage}</th>
            <th scope="col">{said.columns.age}</th>
            <th scope="col">{said.columns.deadline}</th>
            <th scope="col">{said.columns.family}</th>
            <th scope="col">
              <span class="unseen">{said.columns.acts}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.slice(0, limit.value).map((job) => (
            <Row key={job.id} job={job} {...props} />
          ))}
        </tbody>
      </table>
      {rest > 0 && (
        <button
          type="button"
          class="button plain"
          onClick={() => {
            limit.value += PAGE;
          }}
        >
          {words.value.app.showMore(Math.min(PAGE, rest))}
        </button>
      )}
    </div>
  );
}

function Row({ job, selectable, chosen, onChoose, onFamily, onAct }: QueueTableProps & { readonly job: Job }) {
  const said = words.value;
  return (
    <tr class={chosen.has(job.id) ? 'chosen' : undefined}>
      {selectable && (
        <td class="select">
          {job.state === 'approved' && (
            <label class="tick-target">
              <span class="unseen">{said.queue.selectOne(job.application)}</span>
              <input
                type="checkbox"
                checked={chosen.has(job.id)}
                onChange={(event) => onChoose([job.id], event.currentTarget.checked)}
              />
            </label>
          )}
        </td>
      )}
      <th scope="row" class="figure">
        {job.application}
        {job.priority !== 'normal' && <span class={`tag ${job.priority}`}>{said.priority[job.priority]}</span>}
      </th>
      <td>
        {said.stage[job.state]}
        {job.stateReason !== null && <span class="under">{job.stateReason}</span>}
      </td>
      <td class="figure">{age(job.receivedAt)}</td>
      <td class="figure">
        <Deadline job={job} />
      </td>
      <td>
        {job.family !== null && (
          <button type="button" class="link" onClick={() => onFamily(job.family as string)}>
            {job.family}
          </button>
        )}
      </td>
      <td class="row-acts">
        <ActsMenu job={job} onAct={onAct} />
      </td>
    </tr>
  );
}

const DAY = 86_400_000;

function Deadline({ job }: { readonly job: Job }) {
  const said = words.value.queue;
  if (job.deadline === null) return null;
  const left = until(job.deadline);
  if (isOverdue(job, now.value))
    return (
      <span class="deadline late">
        <ToneMark tone="now" />
        {said.overdueBy(span(left))}
      </span>
    );
  return (
    <span class={left < DAY ? 'deadline soon' : 'deadline'}>
      {left < DAY && <ToneMark tone="soon" />}
      {said.dueIn(span(left))}
    </span>
  );
}

/** The acts on one job, behind one button: opened by keyboard or touch, closed by choosing or leaving. */
function ActsMenu({ job, onAct }: { readonly job: Job; readonly onAct: (act: JobAct, job: Job) => void }) {
  const said = words.value.queue;
  const open = useSignal(false);
  const acts = actsOn(job).filter((act) => mayDo(act === 'priority' ? 'priority' : 'supervise'));
  if (acts.length === 0) return null;
  return (
    <div
      class="menu"
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) open.value = false;
      }}
    >
      <button
        type="button"
        class="icon-button"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') open.value = false;
        }}
      >
        <Icon name="more" />
        <span class="unseen">{said.more(job.application)}</span>
      </button>
      {open.value && (
        <ul>
          {acts.map((act) => (
            <li key={act}>
              <button
                type="button"
                onClick={() => {
                  open.value = false;
                  onAct(act, job);
                }}
              >
                {said.acts[act]}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
