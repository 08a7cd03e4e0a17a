import type { ReactNode } from 'react';

/** The tour's companion. */
export default function Puppy({ className = 'puppy' }: { className?: string }): ReactNode {
  return (
    <svg
      className={className}
      viewBox="0 0 72 64"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M52 46c5-1 10-5 12-12" />
      <path d="M27 29c-3 6-4 13-4 21l-3 8h9l2-9c3 2 6 2 9 2l1 7h14c2-5 1-11-3-15-5-5-13-7-16-14z" fill="var(--launcher-wash)" />
      <path d="M12 24c-1-9 6-16 15-16 8 0 13 5 13 12 0 8-6 13-13 13-4 0-6-1-8-2-3 1-8 0-9-3-1-2 0-3 2-4z" fill="var(--launcher-wash)" />
      <path d="M31 10c5-3 11-1 12 5 1 5 0 10-3 13-4 0-7-5-8-10z" fill="var(--launcher-solid)" />
      <path d="M10 25.500c1.500-1.500 4-1.500 4.500 0s-1 3-2.500 3-2.500-1.500-2-3z" fill="currentColor" stroke="none" />
      <circle cx="21.500" cy="18.500" r="1.900" fill="currentColor" stroke="none" />
      <path d="M18 29c2 0 4-1 5-2.500" />
      <path d="M38 51c1-4 0-7-3-9" />
    </svg>
  );
}
