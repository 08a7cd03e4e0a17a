/** The segment registers with their hidden parts, and the descriptors of the Guest's GDT: what it asked for, and what is there. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import type { DescriptorPair, SegmentView, Value } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession, useView, useViewBefore } from '../page/use_session.ts';
import { decode, hex, kindOf, ringOf, selectorText } from './descriptor_text.ts';
import WhichGuest from './WhichGuest.tsx';
import Wrote, { Shown } from './Wrote.tsx';

const NONE: readonly DescriptorPair[] = [];

export default function Segments({ session }: { session: Session }): ReactNode {
  const view = useView(session, 'descriptors');
  const before = useViewBefore(session, 'descriptors');
  const bare = useSession(session, (one) => one.bare);
  const [chosen, setChosen] = useState(0);
  if (view === null) return <p className="panel__empty">No processor yet.</p>;
  const guest = view.guests.find((one) => one.guest === chosen) ?? view.guests[0];
  const old = before?.guests.find((one) => one.guest === guest?.guest)?.descriptors ?? NONE;
  return (
    <Wrote session={session} label="Segments and descriptors">
      <div className="segs">
        <div className="segs__frame" tabIndex={0} role="region" aria-label="Segment registers">
          <table>
            <thead>
              <tr>
                <th scope="col">register</th>
                <th scope="col">selector</th>
                <th scope="col">base</th>
                <th scope="col">limit</th>
                <th scope="col">what the processor has loaded</th>
              </tr>
            </thead>
            <tbody>
              {view.segments.map((segment, n) => (
                <Register key={segment.name} segment={segment} was={before?.segments[n]} />
              ))}
            </tbody>
          </table>
        </div>
        <p className="segs__tables">
          GDTR{' '}
          <Shown value={{ kind: 'segment', name: 'gdtr' }} called="GDTR">
            {hex(view.gdtr.base)}, to byte {view.gdtr.limit.toString(16)}
          </Shown>{' '}
          · IDTR{' '}
          <Shown value={{ kind: 'segment', name: 'idtr' }} called="IDTR">
            {hex(view.idtr.base)}, to byte {view.idtr.limit.toString(16)}
          </Shown>
        </p>
        <p className="segs__local">{localTable(view.segments.find(({ name }) => name === 'ldtr')?.selector ?? 0, bare)}</p>
        {guest !== undefined && (
          <>
            <WhichGuest guests={view.guests} shown={guest.guest} label="Whose descriptors" choose={setChosen} />
            <div
              className="segs__frame"
              tabIndex={0}
              role="region"
              aria-label={bare ? 'The processor’s GDT' : 'The GDT with which the Guest runs'}
            >
              <table>
                <thead>
                  <tr>
                    <th scope="col">GDT{guest.ended && !bare ? ', as it was' : ''}</th>
                    <th scope="col">base</th>
                    <th scope="col">limit</th>
                    <th scope="col">ring</th>
                    <th scope="col">{bare ? 'what' : 'what, and whose'}</th>
                  </tr>
                </thead>
                <tbody>
                  {guest.descriptors
                    .filter(({ asked, real }) => decode(asked)?.present === true || decode(real)?.present === true)
                    .map((pair) => (
                      <Descriptor
                        key={pair.index}
                        pair={pair}
                        was={old[pair.index]}
                        bare={bare}
                        guest={guest.ended && !bare ? null : guest.guest}
                      />
                    ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </div>
    </Wrote>
  );
}

/** What there is of a local descriptor table (Intel SDM vol. 3, 3.5.1), and why there is no list of it. */
function localTable(selector: number, bare: boolean): string {
  if ((selector & 0xfffc) !== 0) return `LDTR ${selector.toString(16).padStart(4, '0')}: the local table that this descriptor tells of.`;
  const none = 'LDTR is null, so there is no local table: whoever loads a selector with bit 2 set gets a general protection fault.';
  return bare ? none : `${none} lguest leaves it so: the Host never loads LDTR, and a Guest’s set_ldt does nothing at all.`;
}

function Register({ segment, was }: { segment: SegmentView; was: SegmentView | undefined }): ReactNode {
  const { name, selector, base, limit, attributes } = segment;
  const changed =
    was !== undefined && (was.selector !== selector || was.base !== base || was.limit !== limit || was.attributes !== attributes);
  const shown = (text: string): ReactNode => (
    <Shown value={{ kind: 'segment', name }} called={name}>
      {text}
    </Shown>
  );
  return (
    <tr className={clsx(changed && 'segs--changed')}>
      <th scope="row">{name}</th>
      <td title={selectorText(selector)}>{shown(selector.toString(16).padStart(4, '0'))}</td>
      <td>{shown(hex(base))}</td>
      <td>{shown(hex(limit))}</td>
      <td>
        {shown(kindOf(attributes) + (attributes === 0 ? '' : `, ring ${ringOf(attributes)}`))}{' '}
        <span className="segs__soft">{selectorText(selector)}</span>
      </td>
    </tr>
  );
}

interface DescriptorProps {
  pair: DescriptorPair;
  was: DescriptorPair | undefined;
  bare: boolean;
  /** Whose; null: it is gone, and its table with it. */
  guest: number | null;
}

function Descriptor({ pair, was, bare, guest }: DescriptorProps): ReactNode {
  const { index, at, asked, real } = pair;
  const shown = decode(real);
  const wished = decode(asked);
  const isThere = shown?.present === true;
  // No descriptor of a Guest's may lead into ring 0.
  const own = bare || (isThere ? shown.ring !== 0 : true);
  const one = isThere ? shown : wished;
  const wish: Value | null = guest === null ? null : { kind: 'asked', guest, table: 'gdt', index };
  const there: Value | null = guest === null || at === null ? null : { kind: 'physical', address: at, length: 8 };
  const shows = isThere || bare ? there : wish;
  const cell = (text: ReactNode): ReactNode => (
    <Shown value={shows} called={`descriptor ${index}`}>
      {text}
    </Shown>
  );
  const differs = own && (asked[0] !== real[0] || asked[1] !== real[1]);
  return (
    <tr className={clsx(was !== undefined && (was.real.join() !== real.join() || was.asked.join() !== asked.join()) && 'segs--changed')}>
      <th scope="row" title={`${hex(real[0])} ${hex(real[1])}`}>
        {index} <span className="segs__soft">{(index * 8).toString(16).padStart(4, '0')}</span>
      </th>
      <td>{cell(hex(one?.base ?? 0))}</td>
      <td>{cell(hex(one?.limit ?? 0))}</td>
      <td>{cell(one?.ring)}</td>
      <td className={own ? 'world-guest-kernel' : 'world-switcher'}>
        {!bare && <b className="segs__whose">{own ? '● K' : '◆ S'}</b>} {cell(one?.kind)}
        {differs && (
          <span className="segs__soft">
            {' '}
            <Shown value={wish} called={`descriptor ${index} that the Guest asked for`}>
              {isThere ? 'the Guest has asked for another since' : 'asked for, and not in place before the Guest runs again'}
            </Shown>
          </span>
        )}
      </td>
    </tr>
  );
}
