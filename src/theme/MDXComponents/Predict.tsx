import type { ReactNode } from 'react';

/** A question to answer before looking, or stepping. */
export default function Predict({ question, children }: { question: ReactNode; children: ReactNode }): ReactNode {
  return (
    <aside className="predict" aria-label="Predict">
      <p className="predict__question">{question}</p>
      <details>
        <summary>Make a guess, then look</summary>
        <div className="predict__answer">{children}</div>
      </details>
    </aside>
  );
}
