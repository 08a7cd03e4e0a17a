import { useCallback } from 'react';
import type { KeyboardEvent } from 'react';

import type { Session } from './session.ts';

/** What keys do while something in a frame has the focus, but for the terminal and forms. */
export function useKeys(session: Session | null, help: boolean, setHelp: (shown: boolean) => void): (event: KeyboardEvent) => void {
  return useCallback(
    (event: KeyboardEvent): void => {
      if (session === null || event.ctrlKey || event.altKey || event.metaKey) return;
      const target = event.target as HTMLElement;
      if (target.closest('.xterm, input, select, textarea') !== null) return;
      const act = (): boolean => {
        switch (event.key) {
          case 'p':
          case 'r':
            session.toggle();
            return true;
          case 's':
            session.step();
            return true;
          case 'b':
            session.back();
            return true;
          case 'n':
            session.stepToEvent();
            return true;
          case 'N':
            session.backToEvent();
            return true;
          case '0':
            session.reset();
            return true;
          case '?':
            setHelp(!help);
            return true;
          case 'Escape':
            setHelp(false);
            return false;
          default:
            return false;
        }
      };
      if (act()) event.preventDefault();
    },
    [session, help, setHelp],
  );
}
