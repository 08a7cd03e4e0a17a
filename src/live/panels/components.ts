/** What draws each panel. */
import type { ComponentType } from 'react';

import { fetched } from '../page/fetched.tsx';
import type { Session } from '../page/session.ts';
import Counters from './Counters.tsx';
import Events from './Events.tsx';
import Here from './Here.tsx';
import Lanes from './Lanes.tsx';
import Registers from './Registers.tsx';
import Memory from './Memory.tsx';
import type { PanelName } from './table.ts';
import Terminal from './Terminal.tsx';

/** By the panel's name. Those that few chapters open are fetched when they are. */
export const components: Readonly<Record<PanelName, ComponentType<{ session: Session }>>> = {
  terminal: Terminal,
  registers: Registers,
  here: Here,
  breakpoints: fetched(() => import('./Breakpoints.tsx'), 'the breakpoints'),
  locals: fetched(() => import('./Locals.tsx'), 'the variables'),
  callers: fetched(() => import('./Callers.tsx'), 'the calls'),
  memory: Memory,
  tables: fetched(() => import('./Tables.tsx'), 'the page tables'),
  segments: fetched(() => import('./Segments.tsx'), 'the segments'),
  gates: fetched(() => import('./Gates.tsx'), 'the gates'),
  lanes: Lanes,
  rings: fetched(() => import('./Rings.tsx'), 'the rings'),
  events: Events,
  counters: Counters,
};
