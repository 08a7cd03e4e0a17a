import type { ReactNode } from 'react';

/** The opening of a chapter: what it promises, and the thing to watch for. */
export default function Promise({ watch, children }: { watch?: string; children: ReactNode }): ReactNode {
  return (
    <div className="promise">
      <div className="promise__say">{children}</div>
      {watch !== undefined && (
        <p className="promise__watch">
          <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.7">
            <path d="M2 12c3-5 6.3-7 10-7s7 2 10 7c-3 5-6.3 7-10 7s-7-2-10-7z" />
            <circle cx="12" cy="12" r="3.2" fill="currentColor" />
          </svg>
          <span>
            <b>Watch</b> {watch}.
          </span>
        </p>
      )}
    </div>
  );
}
