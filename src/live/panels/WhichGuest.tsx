import type { ReactNode } from 'react';

interface Props {
  readonly guests: readonly { readonly guest: number }[];
  /** Whose is shown. */
  readonly shown: number;
  /** What of them. */
  readonly label: string;
  readonly choose: (guest: number) => void;
}

/** Of several Guests, chooses whose state a panel shows; of one there is no choice. */
export default function WhichGuest({ guests, shown, label, choose }: Props): ReactNode {
  if (guests.length < 2) return null;
  return (
    <div className="filters" role="group" aria-label={label}>
      {guests.map(({ guest }) => (
        <button key={guest} type="button" aria-pressed={guest === shown} onClick={() => choose(guest)}>
          Guest {guest + 1}
        </button>
      ))}
    </div>
  );
}
