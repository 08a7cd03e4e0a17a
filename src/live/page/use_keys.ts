import { useCallback } from 'react';
import type { KeyboardEvent } from 'react';

import { actionOf, HELP_KEY, LINE_KEY } from './commands.ts';
import { chooseLine } from './line_cursor.ts';
import type { Session } from './session.ts';

/** Where keys are text, or the Guest's. */
const TYPING = '.xterm, input, select, textarea';

/** What keys do while something in a frame has the focus, but for the terminal and forms. */
export function useKeys(session: Session, help: boolean, setHelp: (shown: boolean) => void): (event: KeyboardEvent) => void {
  return useCallback(
    (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if ((event.target as HTMLElement).closest(TYPING) !== null) return;
      const action = actionOf(event.key);
      if (event.key === 'Escape') setHelp(false);
      else if (event.key === HELP_KEY) setHelp(!help);
      else if (event.key === LINE_KEY) chooseLine();
      else if (action !== undefined) session.send({ type: action.command });
      else return;
      if (event.key !== 'Escape') event.preventDefault();
    },
    [session, help, setHelp],
  );
}
