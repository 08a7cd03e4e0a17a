/** The bay: a place for one Guest above all pages. Empty until one is booted; its instruments are fetched then. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useHistory, useLocation } from '@docusaurus/router';

import { Contained, fetched } from '../page/fetched.tsx';
import Berthed from './Berthed.tsx';
import { housedGuest, useHoused } from './housed.ts';
import type { Housed } from './housed.ts';
import { hasKept, keepWord } from './kept_word.ts';
import { useBayLayout } from './layout.ts';
import { isLink, readLink } from './link.ts';
import { askNoMore, useQuestion } from './question.ts';
import { useDroppedWorld, useLiveSite } from './use_open_world.ts';

const LinkedEdits = fetched(() => import('./LinkedEdits.tsx'), 'what it brings');
const UnreadLink = fetched(() => import('./UnreadLink.tsx'), 'what is to be said of this link');

export default function BayPlace(): ReactNode {
  return (
    <Contained what="The bay" startAgain={clear}>
      <Guest />
    </Contained>
  );
}

/** As before any Guest came; what a tab keeps of one that breaks the bay would break it again. */
function clear(): void {
  askNoMore();
  housedGuest()?.session.sleep();
  keepWord(null);
}

function Guest(): ReactNode {
  const housed = useHoused();
  const question = useQuestion();
  const unread = useLinkedGuest();
  useDroppedWorld();
  if (question !== null) return <LinkedEdits question={question} />;
  if (housed !== null) return <Room housed={housed} />;
  return unread ? <UnreadLink /> : null;
}

/** The page makes room as long as there is a Guest, whichever: who boots another sees nothing move. */
function Room({ housed }: { housed: Housed }): ReactNode {
  const key = `${housed.scene} ${housed.title}`;
  const layout = useBayLayout(key);
  return <Berthed key={key} housed={housed} layout={layout} />;
}

function isLoadedAnew(): boolean {
  const [way] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return (way as PerformanceNavigationTiming | undefined)?.type === 'reload';
}

/**
 * What the address of a page holds is opened: of the first page, if the bay is empty, or else the run that this tab kept is had again; of a later one, when a link leads there; back and forth, if
 * the bay is empty. Returns whether the address was to bring a Guest, and cannot be read.
 */
function useLinkedGuest(): boolean {
  const { pathname, search, hash, key } = useLocation();
  const { action } = useHistory();
  const site = useLiveSite();
  const before = useRef<string | null>(null);
  const [unread, setUnread] = useState(false);
  useEffect(() => {
    const address = `${pathname}${search}`;
    const [first, same] = [before.current === null, before.current === address];
    before.current = address;
    const clicked = !first && action === 'PUSH';
    // To another place of the same page.
    if (same && !clicked) return;
    // Who came by a link, went on from there and loads the page anew wants to be where he was.
    const again = first && hasKept();
    const linked = again && isLoadedAnew() ? null : readLink({ search, hash });
    setUnread(linked === null && !again && isLink({ search }));
    // What does not come, nobody has asked for by a click.
    const ignored = (): undefined => undefined;
    if (linked !== null)
      import('./permalink.ts').then(({ openLink }) => openLink(linked, { home: pathname, clicked }, site)).catch(ignored);
    else if (again) import('./return_kept.ts').then(({ returnKept }) => returnKept()).catch(ignored);
  }, [pathname, search, key]);
  return unread;
}
