/** The segment registers with their hidden parts, and the descriptors of the Guest's GDT: what it asked for, and what is there. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import type { DescriptorPair, SegmentView } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useView, useViewBefore } from '../page/use_session.ts';
import { decode, hex, kindOf, ringOf, selectorText } from './descriptor_text.ts';

const NONE: readonly DescriptorPair[] = [];

export default function Segments({ session }: { session: Session }): ReactNode {
  const view = useView(session, 'descriptors');
  const before = useViewBefore(session, 'descriptors');
  const [chosen, setChosen] = useState(0);
  if (view === null) return <p className="panel__empty">No processor yet.</p>;
  const guest = view.guests.find((one) => one.guest === chosen) ?? view.guests[0];
  const old = before?.guests.find((one) => one.guest === guest?.guest)?.descriptors ?? NONE;
  return (
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
        GDTR {hex(view.gdtr.base)}, to byte {view.gdtr.limit.toString(16)} · IDTR {hex(view.idtr.base)}, to byte{' '}
        {view.idtr.limit.toString(16)}
      </p>
      {guest !== undefined && (
        <>
          {view.guests.length > 1 && (
            <div className="filters" role="group" aria-label="Whose descriptors">
              {view.guests.map((one) => (
                <button key={one.guest} type="button" aria-pressed={one === guest} onClick={() => setChosen(one.guest)}>
                  Guest {one.guest + 1}
                </button>
              ))}
            </div>
          )}
          <div className="segs__frame" tabIndex={0} role="region" aria-label="The GDT with which the Guest runs">
            <table>
              <thead>
                <tr>
                  <th scope="col">GDT{guest.ended ? ', as it was' : ''}</th>
                  <th scope="col">base</th>
                  <th scope="col">limit</th>
                  <th scope="col">ring</th>
                  <th scope="col">what, and whose</th>
                </tr>
              </thead>
              <tbody>
                {guest.descriptors
                  .filter(({ asked, real }) => decode(asked)?.present === true || decode(real)?.present === true)
                  .map((pair) => (
                    <Descriptor key={pair.index} pair={pair} was={old[pair.index]} />
                  ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

function Register({ segment, was }: { segment: SegmentView; was: SegmentView | undefined }): ReactNode {
  const { name, selector, base, limit, attributes } = segment;
  const changed =
    was !== undefined && (was.selector !== selector || was.base !== base || was.limit !== limit || was.attributes !== attributes);
  return (
    <tr className={clsx(changed && 'segs--changed')}>
      <th scope="row">{name}</th>
      <td title={selectorText(selector)}>{selector.toString(16).padStart(4, '0')}</td>
      <td>{hex(base)}</td>
      <td>{hex(limit)}</td>
      <td>
        {kindOf(attributes)}
        {attributes !== 0 && `, ring ${ringOf(attributes)}`} <span className="segs__soft">{selectorText(selector)}</span>
      </td>
    </tr>
  );
}

function Descriptor({ pair, was }: { pair: DescriptorPair; was: DescriptorPair | undefined }): ReactNode {
  const { index, asked, real } = pair;
  const shown = decode(real);
  const wished = decode(asked);
  const isThere = shown?.present === true;
  // No descriptor of a Guest's may lead into ring 0.
  const own = isThere ? shown.ring !== 0 : true;
  const one = isThere ? shown : wished;
  const differs = own && (asked[0] !== real[0] || asked[1] !== real[1]);
  return (
    <tr className={clsx(was !== undefined && (was.real.join() !== real.join() || was.asked.join() !== asked.join()) && 'segs--changed')}>
      <th scope="row" title={`${hex(real[0])} ${hex(real[1])}`}>
        {index} <span className="segs__soft">{(index * 8).toString(16).padStart(4, '0')}</span>
      </th>
      <td>{hex(one?.base ?? 0)}</td>
      <td>{hex(one?.limit ?? 0)}</td>
      <td>{one?.ring}</td>
      <td className={own ? 'world-guest-kernel' : 'world-switcher'}>
        <b className="segs__whose">{own ? '● K' : '◆ S'}</b> {one?.kind}
        {differs && (
          <span className="segs__soft">
            {' '}
            {isThere ? 'the Guest has asked for another since' : 'asked for, and not in place before the Guest runs again'}
          </span>
        )}
      </td>
    </tr>
  );
}
