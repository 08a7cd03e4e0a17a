/** A place for one file. */
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import { megabytes } from '../page/describe.ts';
import type { Slot } from './choices.ts';

export default function FileSlot({
  slot,
  label,
  hint,
  file,
  onChoose,
  children,
}: {
  slot: Slot;
  label: string;
  hint: string;
  file: File | undefined;
  onChoose: (slot: Slot, file: File | null) => void;
  children?: ReactNode;
}): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // The form stands in the page before its script runs: what was chosen until then counts.
  useEffect(() => {
    const early = input.current?.files?.[0];
    if (early === undefined || input.current === null) return;
    input.current.value = '';
    onChoose(slot, early);
  }, [slot, onChoose]);
  return (
    <div className="bench__slot" data-slot={slot}>
      <label htmlFor={id}>{label}</label>
      <input
        ref={input}
        id={id}
        type="file"
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          onChoose(slot, event.target.files?.[0] ?? null);
          event.target.value = '';
        }}
      />
      {file === undefined ? (
        <p id={`${id}-hint`}>{hint}</p>
      ) : (
        <p id={`${id}-hint`} className="bench__file">
          <b>{file.name}</b>, {file.size >= 52_429 ? `${megabytes(file.size)} MB` : `${grouped(file.size)} bytes`}{' '}
          <button type="button" onClick={() => onChoose(slot, null)} aria-label={`Take ${file.name} away`}>
            take away
          </button>
        </p>
      )}
      {children}
    </div>
  );
}
