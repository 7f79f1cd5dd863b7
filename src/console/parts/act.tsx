import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import type { Answer, Answered, Failure } from '../client.ts';
import { rim } from '../rim.ts';
import { staleSince } from '../state/live.ts';
import { words } from '../words/words.ts';

/** An act of a person that calls the station: once at a time, and once in effect. */
export interface Act<Input> {
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly run: (input: Input) => Promise<void>;
  readonly forget: () => void;
}

/**
 * Presses while one runs are ignored. A call without an answer keeps its idempotency key, so that pressing again
 * cannot carry the same thing out twice; another input gets another key.
 */
export function useAct<Input, Body>(
  carryOut: (input: Input, key: string) => Promise<Answer<Body>>,
  done: (answered: Answered<Body>, input: Input) => void = () => undefined,
): Act<Input> {
  const busy = useSignal(false);
  const failure = useSignal<Failure | null>(null);
  const pending = useRef<{ key: string; input: string } | null>(null);
  return {
    busy: busy.value,
    failure: failure.value,
    forget: () => {
      failure.value = null;
    },
    run: async (input) => {
      if (busy.peek()) return;
      busy.value = true;
      failure.value = null;
      const same = JSON.stringify(input) ?? '';
      if (pending.current?.input !== same) pending.current = { key: rim.newKey(), input: same };
      const answer = await carryOut(input, pending.current.key);
      busy.value = false;
      if (answer.ok || answer.failure.kind === 'problem') pending.current = null;
      if (answer.ok) done(answer.value, input);
      else failure.value = answer.failure;
    },
  };
}

interface ActButtonProps {
  readonly look?: 'next' | 'plain' | 'danger';
  readonly busy?: boolean;
  /** Why the act is not possible now: shown beside the button (console.md, rule 4). */
  readonly refused?: string | null;
  readonly onPress?: () => void;
  readonly submit?: boolean;
  readonly autofocus?: boolean;
  readonly children: ComponentChildren;
}

/** A button with a verb. A dead one never comes without its reason. */
export function ActButton({
  look = 'plain',
  busy,
  refused = null,
  onPress,
  submit,
  autofocus,
  children,
}: ActButtonProps) {
  const reason = useId();
  return (
    <span class="act">
      <button
        type={submit ? 'submit' : 'button'}
        class={`button ${look}`}
        disabled={refused !== null}
        aria-busy={busy ? 'true' : undefined}
        aria-describedby={refused === null ? undefined : reason}
        autofocus={autofocus}
        onClick={onPress}
      >
        {children}
      </button>
      {refused !== null && (
        <span class="reason" id={reason}>
          {refused}
        </span>
      )}
    </span>
  );
}

interface ActsProps {
  readonly children: ComponentChildren;
  /** The last one stands apart, at the right. */
  readonly split?: boolean;
  /** Why none of these acts is this person's: shown instead of them. */
  readonly refused?: string | null;
}

/** Acts are offered only while the page is fresh (console.md, rule 7). */
export function Acts({ children, split, refused = null }: ActsProps) {
  const closed = staleSince.value === null ? refused : words.value.live.staleActs;
  if (closed !== null) return <p class="acts reason">{closed}</p>;
  return <div class={split ? 'acts split' : 'acts'}>{children}</div>;
}
