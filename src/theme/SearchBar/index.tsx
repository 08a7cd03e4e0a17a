/** The way to search, in the head rail: a button, and the keys `/` and Ctrl-K. What searches is fetched when it is first wanted. */
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

const load = () => import('./SearchDialog.tsx');
const SearchDialog = lazy(load);

/** Where a key is text, or somebody else's. */
const TYPING = 'input, textarea, select, [contenteditable="true"], .xterm';

export default function SearchBar(): ReactNode {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.closest(TYPING) !== null;
      const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey;
      const k = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (typing || !(slash || k) || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus({ preventScroll: true });
  }, []);
  const fetchEarly = (): void => void load().catch(() => undefined);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="search-button"
        aria-keyshortcuts="/ Control+K"
        aria-haspopup="dialog"
        aria-label="Search"
        title="Search: / or Ctrl-K"
        onClick={() => setOpen(true)}
        onPointerEnter={fetchEarly}
        onFocus={fetchEarly}
      >
        <svg
          viewBox="0 0 20 20"
          width="16"
          height="16"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.9"
          strokeLinecap="round"
        >
          <circle cx="8.500" cy="8.500" r="5.500" />
          <path d="M12.800 12.800L17 17" />
        </svg>
        <span className="search-button__word" aria-hidden="true">
          Search
        </span>
        <kbd aria-hidden="true">/</kbd>
      </button>
      {open && (
        <Suspense fallback={null}>
          <SearchDialog onClose={close} />
        </Suspense>
      )}
    </>
  );
}
