import { useId } from 'react';
import type { ReactNode } from 'react';

/** A question to answer before looking, or stepping. */
export default function Predict({ question, children }: { question: ReactNode; children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <aside className="predict" aria-labelledby={id}>
      <p className="predict__question" id={id}>
        {question}
      </p>
      <details>
        <summary>Make a guess, then look</summary>
        <div className="predict__answer">{children}</div>
      </details>
    </aside>
  );
}
