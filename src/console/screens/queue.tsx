import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Job } from '../../api/shapes.ts';
import { ActButton, Acts } from '../parts/act.tsx';
import { connection } from '../state/live.ts';
import { has } from '../state/session.ts';
import { byTurn, JOBS_PER_STAGE, jobs, loadJobs, station } from '../state/station.ts';
import { now } from '../state/time.ts';
import { words } from '../words/words.ts';
import { JobActDialog } from './queue-acts.tsx';
import { FamilyBar } from './queue-family.tsx';
import { BACKLOG, countsOf, type JobAct, type QueueFilter, queueOf, WAITING } from './queue-list.ts';
import { QueueTable } from './queue-table.tsx';
import { ReleasePage } from './release.tsx';

const FILTERS: readonly QueueFilter[] = ['all', 'overdue', ...WAITING, 'work'];

/** The backlog by stage; supervisors select what is approved and release it as a batch. */
export function QueueScreen() {
  const said = words.value.queue;
  const epoch = connection.value;
  const filter = useSignal<QueueFilter>('all');
  const family = useSignal<string | null>(null);
  const search = useSignal('');
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const releasing = useSignal<readonly Job[] | null>(null);
  const acting = useSignal<{ act: JobAct; job: Job } | null>(null);
  const whole = useSignal(true);

  useEffect(() => {
    void loadJobs(BACKLOG).then((loaded) => {
      whole.value = loaded.whole;
    });
  }, [epoch]);

  const all = [...jobs.value.values()];
  const counts = countsOf(all, now.value);
  const shown = queueOf(all, { filter: filter.value, family: family.value, search: search.value }, now.value);
  const releasable = shown.filter((job) => job.state === 'approved');
  const selected = all.filter((job) => job.state === 'approved' && chosen.value.has(job.id)).toSorted(byTurn);
  const supervisor = has('supervisor');

  if (releasing.value !== null) {
    return (
      <ReleasePage
        jobs={releasing.value}
        onBack={() => {
          releasing.value = null;
          chosen.value = new Set();
        }}
      />
    );
  }
  return (
    <div class="screen queue">
      <div class="queue-head">
        <h1 tabIndex={-1}>{said.title}</h1>
        <label class="search">
          <span class="unseen">{said.search}</span>
          <input
            type="search"
            placeholder={said.search}
            autocomplete="off"
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value;
            }}
          />
        </label>
      </div>
      <fieldset class="stages">
        <legend class="unseen">{said.stages}</legend>
        {FILTERS.filter((one) => one === 'all' || one === filter.value || counts[one] > 0).map((one) => (
          <button
            key={one}
            type="button"
            class={one === 'overdue' ? 'stage late' : 'stage'}
            aria-pressed={filter.value === one}
            onClick={() => {
              filter.value = one;
            }}
          >
            <span class="figure">{counts[one]}</span> {filterName(one)}
          </button>
        ))}
      </fieldset>
      {family.value !== null && (
        <FamilyBar
          id={family.value}
          onAll={() => {
            family.value = null;
          }}
        />
      )}
      {!whole.value && <p class="muted">{said.truncated(JOBS_PER_STAGE)}</p>}
      <QueueTable
        jobs={shown}
        selectable={supervisor}
        chosen={chosen.value}
        onChoose={(ids, on) => {
          const next = new Set(chosen.value);
          for (const id of ids) {
            if (on) next.add(id);
            else next.delete(id);
          }
          chosen.value = next;
        }}
        onFamily={(id) => {
          family.value = id;
        }}
        onAct={(act, job) => {
          acting.value = { act, job };
        }}
      />
      <div class="foot-bar">
        {station.value?.release === 'automatic' && <p class="muted">{said.automatic}</p>}
        <Acts split>
          <span class="figure" role="status">
            {supervisor && said.selected(selected.length)}
          </span>
          {supervisor && selected.length === 0 && releasable.length > 0 && (
            <ActButton
              onPress={() => {
                chosen.value = new Set(releasable.map((job) => job.id));
              }}
            >
              {said.selectAll}
            </ActButton>
          )}
          <ActButton
            look="next"
            refused={!supervisor ? said.supervisorOnly : selected.length === 0 ? said.releaseNone : null}
            onPress={() => {
              releasing.value = selected;
            }}
          >
            {said.release}
          </ActButton>
        </Acts>
      </div>
      {acting.value !== null && (
        <JobActDialog
          act={acting.value.act}
          job={acting.value.job}
          onClose={() => {
            acting.value = null;
          }}
        />
      )}
    </div>
  );
}

function filterName(filter: QueueFilter): string {
  const { queue, stage } = words.value;
  if (filter === 'all' || filter === 'overdue' || filter === 'work') return queue[filter];
  return stage[filter];
}
