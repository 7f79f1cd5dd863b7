import { useEffect, useRef } from 'preact/hooks';
import type { Failure } from '../client.ts';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** What went wrong and what to do first; the focus moves here, the values in the fields stay. */
export function ProblemNote({ failure, children }: { readonly failure: Failure | null; readonly children?: string }) {
  const note = useRef<HTMLDivElement>(null);
  const shown = failure !== null || children !== undefined;
  useEffect(() => {
    if (shown) note.current?.focus();
  }, [shown, failure, children]);
  if (!shown) return null;
  const { app, refusal } = words.value;
  const problem = failure?.kind === 'problem' ? failure.problem : null;
  return (
    <div class="problem" role="alert" tabIndex={-1} ref={note}>
      <Icon name="cross" />
      <div>
        {failure === null ? (
          <p class="strong">{children}</p>
        ) : problem === null ? (
          <>
            <p class="strong">{app.wrong}</p>
            <p>{app.wrongRemedy}</p>
          </>
        ) : (
          <>
            <p class="strong">{problem.title}</p>
            {problem.reason !== undefined && refusal[problem.reason] !== undefined && <p>{refusal[problem.reason]}</p>}
            <p>{problem.remedy}</p>
            {problem.errors?.map((error) => (
              <p key={error.path}>{error.message}</p>
            ))}
            <p class="raw">
              {app.code(problem.code)}
              {problem.reason === undefined ? '' : ` · ${problem.reason}`}
            </p>
          </>
        )}
      </div>
    </div>
  );
}
