import { signal, useSignal } from '@preact/signals';
import type { StatementsAnswer } from '../../api/shapes.ts';
import { call, type Failure } from '../client.ts';
import { ActButton, Acts } from '../parts/act.tsx';
import { Field } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { rim } from '../rim.ts';
import { has } from '../state/session.ts';
import { words } from '../words/words.ts';

type Result = StatementsAnswer['results'][number];

/** An import outlives its screen: it can be left and found again. */
const running = signal<{ readonly done: number; readonly all: number } | null>(null);
const results = signal<readonly Result[] | null>(null);
const failure = signal<Failure | null>(null);

const LINES_A_CALL = 100;

/** Hands statements in, some lines at a time, so that progress can be seen and a break loses nothing. */
async function bringIn(text: string): Promise<void> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const found: Result[] = [];
  results.value = null;
  failure.value = null;
  running.value = { done: 0, all: lines.length };
  for (let at = 0; at < lines.length; at += LINES_A_CALL) {
    const body = `${lines.slice(at, at + LINES_A_CALL).join('\n')}\n`;
    const answer = await call<StatementsAnswer>('POST', '/statements', { body, key: rim.newKey() });
    if (!answer.ok) {
      failure.value = answer.failure;
      break;
    }
    found.push(...answer.value.body.results);
    running.value = { done: Math.min(lines.length, at + LINES_A_CALL), all: lines.length };
  }
  running.value = null;
  results.value = found;
}

/** Approvals by any channel: pasted, scanned, or from a file on a stick. */
export function ImportStatements() {
  const said = words.value.centre;
  const text = useSignal('');
  const file = useSignal<string | null>(null);
  const missing = useSignal(false);
  const going = running.value;
  return (
    <form
      class="import"
      onSubmit={(event) => {
        event.preventDefault();
        missing.value = text.value.trim() === '';
        if (!missing.value && running.value === null) void bringIn(text.value);
      }}
    >
      <h2>{said.importTitle}</h2>
      {missing.value ? (
        <ProblemNote failure={null}>{said.importMissing}</ProblemNote>
      ) : (
        <ProblemNote failure={failure.value} />
      )}
      {has('operator') ? (
        <>
          <Field
            label={said.importLabel}
            hint={said.importHint}
            long
            value={text.value}
            onInput={(value) => {
              text.value = value;
            }}
          />
          <Acts split>
            <label class="button plain file">
              {said.file}
              <input
                type="file"
                accept=".txt,.jsonl,.jws,text/plain"
                onChange={(event) => {
                  const chosen = event.currentTarget.files?.[0];
                  if (chosen === undefined) return;
                  file.value = chosen.name;
                  void chosen.text().then((content) => {
                    text.value = content;
                  });
                }}
              />
            </label>
            <ActButton look="next" submit busy={going !== null}>
              {said.importAct}
            </ActButton>
          </Acts>
          {file.value !== null && <p class="muted">{file.value}</p>}
        </>
      ) : (
        <p class="reason">{said.operatorOnly}</p>
      )}
      {going !== null && (
        <div class="progress">
          <progress max={going.all} value={going.done} aria-label={said.importTitle} />
          <span class="figure">{said.importing(going.done, going.all)}</span>
        </div>
      )}
      {results.value !== null && <Results results={results.value} />}
    </form>
  );
}

const STATUSES = ['stored', 'known', 'kept', 'refused'] as const;

function Results({ results: all }: { readonly results: readonly Result[] }) {
  const said = words.value.centre;
  const refused = all.filter((one) => one.status === 'refused');
  return (
    <div role="status">
      <p class="strong">{said.resultTitle(all.length)}</p>
      <dl class="facts">
        {STATUSES.filter((status) => all.some((one) => one.status === status)).map((status) => (
          <div class="fact" key={status}>
            <dt>{said.result[status]}</dt>
            <dd class="figure">{all.filter((one) => one.status === status).length}</dd>
          </div>
        ))}
      </dl>
      {refused.length > 0 && (
        <>
          <p class="strong">{said.refusedList}</p>
          <ul class="evidence">
            {refused.slice(0, 20).map((one, i) => (
              <li key={one.jti ?? i}>
                {one.kind ?? words.value.app.notKnown}: {one.reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
