/** Memory where a register points, in words; those that changed since the last report are marked. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import type { PointedView } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useView, useViewBefore } from '../page/use_session.ts';
import Wrote, { Shown } from './Wrote.tsx';

const WORD = 4;
const WORDS_A_LINE = 4;
const hex = (word: number): string => word.toString(16).padStart(8, '0');

export default function Memory({ session }: { session: Session }): ReactNode {
  const pointed = useView(session, 'memory');
  const before = useViewBefore(session, 'memory');
  const [wanted, setWanted] = useState<PointedView['register']>('esp');
  if (pointed === null || pointed.length === 0) return <p className="panel__empty">No register points to memory.</p>;
  const shown = pointed.find(({ register }) => register === wanted) ?? pointed[0];
  const old = new Map(before?.flatMap(({ address, words }) => words.map((word, n) => [address + n * WORD, word] as const)));
  const lines = Array.from({ length: Math.ceil(shown.words.length / WORDS_A_LINE) }, (_, line) =>
    shown.words.slice(line * WORDS_A_LINE, (line + 1) * WORDS_A_LINE),
  );
  return (
    <div className="memory">
      <div className="filters" role="group" aria-label="Where to look">
        {pointed.map(({ register }) => (
          <button key={register} type="button" aria-pressed={register === shown.register} onClick={() => setWanted(register)}>
            {register}
          </button>
        ))}
      </div>
      <Wrote session={session} label="Words of memory">
        <table aria-label={`Memory where ${shown.register} points`}>
          <tbody>
            {lines.map((words, line) => {
              const start = (shown.address + line * WORDS_A_LINE * WORD) >>> 0;
              return (
                <tr key={line}>
                  <th scope="row">{hex(start)}</th>
                  {words.map((word, n) => {
                    const was = old.get(start + n * WORD);
                    return (
                      <td
                        key={n}
                        className={clsx(
                          was !== undefined && was !== word && 'memory--changed',
                          // Four words are shown before the one that is pointed to.
                          line === 1 && n === 0 && 'memory--pointed',
                        )}
                      >
                        {word === null ? (
                          '········'
                        ) : (
                          <Shown value={{ kind: 'linear', address: (start + n * WORD) >>> 0 }}>{hex(word)}</Shown>
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wrote>
    </div>
  );
}
