/** Bring your own kernel: files, memory, command line; and then the Guest, with all instruments. */
import { useEffect, useRef, useState } from 'react';
import type { DragEvent, ReactNode } from 'react';
import useBaseUrl from '@docusaurus/useBaseUrl';
import clsx from 'clsx';

import { megabytes } from '../page/describe.ts';
import Instruments from '../Instruments.tsx';
import { recall, remember } from '../page/remembered.ts';
import { Session } from '../page/session.ts';
import { useKeys } from '../page/use_keys.ts';
import { useSession } from '../page/use_session.ts';
import { calm } from '../rows.ts';
import type { OwnGuest } from '../protocol.ts';
import FileSlot from './FileSlot.tsx';
import { guessSlot } from './choices.ts';
import type { Slot } from './choices.ts';

type Files = Readonly<Partial<Record<Slot, File>>>;

export default function Workbench(): ReactNode {
  const workerUrl = new URL(useBaseUrl('/live/worker.js'), window.location.href).href;
  const [files, setFiles] = useState<Files>({});
  const [address, setAddress] = useState('');
  const [memory, setMemory] = useState(() => recall('memory', '64'));
  const [args, setArgs] = useState(() => recall('args', 'console=hvc0 root=/dev/ram0'));
  const [session, setSession] = useState<Session | null>(null);
  const [over, setOver] = useState(false);

  const take = (list: Iterable<File>): void => {
    let next: Files = files;
    for (const file of list) next = { ...next, [guessSlot(file, next)]: file };
    setFiles(next);
  };
  const choose = (slot: Slot, file: File | null): void => {
    const { [slot]: _gone, ...rest } = files;
    setFiles(file === null ? rest : { ...rest, [slot]: file });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const boot = (): void => {
    const { kernel } = files;
    if (kernel === undefined) return;
    remember('memory', memory);
    remember('args', args);
    const disk: OwnGuest['disk'] =
      files.disk !== undefined
        ? { kind: 'file', file: files.disk }
        : address.trim() === ''
          ? null
          : { kind: 'address', url: address.trim() };
    session?.sleep();
    const next = new Session(workerUrl, {
      type: 'boot',
      guest: { kernel, initrd: files.initrd ?? null, disk, memory: Number(memory), args },
    });
    setSession(next);
    next.boot(true);
  };

  return (
    <div className="bench">
      <form
        className={clsx('bench__form', over && 'bench__form--over')}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        onSubmit={(event) => {
          event.preventDefault();
          boot();
        }}
      >
        <p className="bench__hint">
          Drop files anywhere here, or choose them. <b>Nothing is uploaded</b>: your browser reads them, and they stay on your computer.
        </p>
        <div className="bench__slots">
          <FileSlot
            slot="kernel"
            label="Kernel"
            hint="vmlinux or bzImage, 32-bit, built as an lguest Guest"
            file={files.kernel}
            onChoose={choose}
          />
          <FileSlot slot="initrd" label="Initial RAM disk" hint="if it needs one" file={files.initrd} onChoose={choose} />
          <FileSlot
            slot="disk"
            label="Disk image"
            hint="becomes /dev/vda; it is read piece by piece, and never changed"
            file={files.disk}
            onChoose={choose}
          >
            {files.disk === undefined && (
              <label className="bench__address">
                or its address
                <input type="url" value={address} placeholder="https://…" onChange={(event) => setAddress(event.target.value)} />
              </label>
            )}
          </FileSlot>
        </div>
        <div className="bench__row">
          <label className="bench__memory">
            Memory, MB{' '}
            <input type="number" min={4} max={512} step={1} required value={memory} onChange={(event) => setMemory(event.target.value)} />
          </label>
          <label className="bench__args">
            Kernel command line{' '}
            <input
              type="text"
              value={args}
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              onChange={(event) => setArgs(event.target.value)}
            />
          </label>
          <button type="submit" className="bench__boot" disabled={files.kernel === undefined}>
            {session === null ? 'Boot' : 'Boot anew'}
          </button>
        </div>
      </form>
      {session !== null && <Booted session={session} />}
    </div>
  );
}

function Booted({ session }: { session: Session }): ReactNode {
  const phase = useSession(session, (view) => view.phase);
  const status = useSession(session, (view) => view.status);
  const instructions = useSession(session, (view) => view.instructions);
  const world = useSession(session, (view) => view.world);
  const diagnosis = useSession(session, (view) => view.diagnosis);
  const reading = useSession(session, (view) => view.reading);
  const disk = useSession(session, (view) => view.disk);
  const frame = useRef<HTMLElement>(null);
  const [help, setHelp] = useState(false);
  const onKeyDown = useKeys(session, help, setHelp);
  useEffect(() => {
    frame.current?.focus({ preventScroll: true });
    frame.current?.scrollIntoView({ block: 'nearest', behavior: calm() ? 'instant' : 'smooth' });
    return () => session.sleep();
  }, [session]);
  return (
    <section
      ref={frame}
      className={clsx('live', `live--${phase}`, `world-${world ?? 'neutral'}`)}
      aria-label="Your Guest"
      data-phase={phase}
      data-status={status}
      data-instructions={instructions}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      {diagnosis !== null && (diagnosis.findings.length > 0 || diagnosis.release !== null) && (
        <div className={clsx('bench__diagnosis', `bench__diagnosis--${diagnosis.guest}`)} role="note">
          <p>
            <span aria-hidden="true">{diagnosis.guest === 'yes' ? '✓' : diagnosis.guest === 'no' ? '✗' : '?'}</span>{' '}
            {verdict(diagnosis.guest, diagnosis.release)}
          </p>
          {diagnosis.findings.length > 0 && (
            <ul>
              {diagnosis.findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {phase === 'loading' && reading !== null && (
        <progress className="bench__progress" value={reading.done} max={reading.total} aria-label={`Reading ${reading.what}`} />
      )}
      <Instruments session={session} frame={frame} help={help} setHelp={setHelp} />
      {disk !== null && (
        <div className="bench__disk">
          <p>
            <b>{disk.name}</b>, {megabytes(disk.bytes)} MB:{' '}
            {disk.written === 0 ? 'as you brought it.' : `changed in ${disk.written} ${disk.written === 1 ? 'place' : 'places'} of 64 KB; `}
            {disk.written > 0 &&
              (disk.lasts
                ? 'your browser keeps what was written, also over a reload.'
                : 'your browser lets this page keep nothing, so what was written goes when the page does: download it.')}
          </p>
          {disk.trouble !== null && <p role="alert">The Guest was told of an error on its disk: {disk.trouble}.</p>}
          <button type="button" onClick={() => session.send({ type: 'save-disk' })}>
            Download it as it is now
          </button>
          <button type="button" disabled={disk.written === 0} onClick={() => session.send({ type: 'discard-disk' })}>
            Forget what was written, and start anew
          </button>
        </div>
      )}
    </section>
  );
}

function verdict(guest: 'yes' | 'no' | 'unknown', release: string | null): string {
  const name = release === null ? 'This kernel' : `Linux ${release}`;
  if (guest === 'yes') return `${name} can be an lguest Guest.`;
  return guest === 'no'
    ? `${name} cannot be an lguest Guest. It is tried all the same.`
    : `${name} may be an lguest Guest or not: its file does not tell.`;
}
