import type { ReactNode } from 'react';

const WORLDS = ['guest-user', 'guest-kernel', 'switcher', 'host', 'launcher', 'waker', 'io-thread'];

/** Arrowheads for the page's figures: `markerEnd="url(#arrow-host)"`. */
export default function Pens(): ReactNode {
  return (
    <svg className="pens" aria-hidden="true">
      <defs>
        {['', ...WORLDS].map((world) => (
          <marker
            key={world}
            id={world === '' ? 'arrow' : `arrow-${world}`}
            viewBox="0 0 10 10"
            refX="8.5"
            refY="5"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0 1l9 4-9 4z" style={{ fill: world === '' ? 'var(--ink)' : `var(--${world}-solid)` }} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
