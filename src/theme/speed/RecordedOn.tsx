import type { ReactNode } from 'react';

import type { On } from './record.ts';

interface Props {
  readonly on: On;
  /** What else took part, with its version. */
  readonly with?: string;
}

/** Where figures come from: without it they say nothing. */
export default function RecordedOn({ on, with: other }: Props): ReactNode {
  const day = new Date(`${on.day}T12:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return (
    <>
      Recorded on {day}, {on.processor} with {on.cores} {on.cores === 1 ? 'core' : 'cores'}, Node {on.node}
      {other !== undefined && `, ${other}`}; load before it {on.load.toFixed(1)}
      {on.commit !== null && `; commit ${on.commit}`}.
    </>
  );
}
