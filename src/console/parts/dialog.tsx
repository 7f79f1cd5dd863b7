import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly text?: string;
  /** Verb of the safe way out: it has the focus. */
  readonly keep: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** The acts, right of the safe one. */
  readonly acts: ComponentChildren;
  readonly onSubmit?: () => void;
}

/** A question about what cannot be undone: names object and consequence (console.md, rule 5). */
export function Dialog({ title, text, keep, onClose, children, acts, onSubmit }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={text === undefined ? undefined : `${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <h2 id={`${id}-title`}>{title}</h2>
        {text !== undefined && <p id={`${id}-text`}>{text}</p>}
        {children}
        <div class="acts split">
          <button type="button" class="button plain" autofocus onClick={onClose}>
            {keep}
          </button>
          {acts}
        </div>
      </form>
    </dialog>
  );
}
