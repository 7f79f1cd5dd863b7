import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly kind?: 'text' | 'password';
  readonly autocomplete?: 'off' | 'username' | 'current-password' | 'one-time-code';
  readonly long?: boolean;
  readonly autofocus?: boolean;
}

/** A labelled input; the hint belongs to it for screen readers too. */
export function Field({
  label,
  hint,
  value,
  onInput,
  kind = 'text',
  autocomplete = 'off',
  long,
  autofocus = false,
}: FieldProps) {
  const id = useId();
  const described = hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {long ? (
        <textarea
          id={id}
          value={value}
          rows={3}
          spellcheck={false}
          aria-describedby={described}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      ) : (
        <input
          id={id}
          {...(kind === 'password' ? { type: 'password' as const } : { type: 'text' as const })}
          value={value}
          autocomplete={autocomplete}
          autofocus={autofocus}
          spellcheck={false}
          aria-describedby={described}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly legend: string;
  readonly value: Value | null;
  readonly options: readonly {
    readonly value: Value;
    readonly name: string;
    readonly text?: string;
    /** Why it cannot be chosen now. */
    readonly refused?: string | null;
  }[];
  readonly onChoose: (value: Value) => void;
}

/** One of a few: large radio rows. */
export function Choice<Value extends string>({ legend, value, options, onChoose }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map((option) => {
        const refused = option.refused ?? null;
        return (
          <label key={option.value} class={refused === null ? 'option' : 'option closed'}>
            <input
              type="radio"
              name={id}
              checked={value === option.value}
              disabled={refused !== null}
              onChange={() => onChoose(option.value)}
            />
            <span>
              <span class="strong">{option.name}</span>
              {option.text !== undefined && <span class="option-text">{option.text}</span>}
              {refused !== null && <span class="reason">{refused}</span>}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

/** A name and what it is, one under the other or side by side. */
export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
