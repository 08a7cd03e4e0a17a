/** Bring your own kernel: files, memory, command line; and then the Guest, with all instruments, whose code is fetched while the reader chooses. */
import { useEffect, useState } from 'react';
import type { DragEvent as FormDragEvent, ReactNode } from 'react';
import { useLocation } from '@docusaurus/router';
import clsx from 'clsx';

import Berth from '../bay/Berth.tsx';
import { house, useHoused } from '../bay/housed.ts';
import { useOpenWorld } from '../bay/use_open_world.ts';
import { recall, remember } from '../page/remembered.ts';
import { Session } from '../page/session.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import type { OwnGuest } from '../protocol.ts';
import FileSlot from './FileSlot.tsx';
import { placeFiles } from './choices.ts';
import type { Slot } from './choices.ts';

type Files = Readonly<Partial<Record<Slot, File>>>;

export default function Workbench(): ReactNode {
  const worker = useLiveUrl('worker.js');
  const [files, setFiles] = useState<Files>({});
  const [address, setAddress] = useState('');
  const [memory, setMemory] = useState('64');
  const [args, setArgs] = useState('console=hvc0 root=/dev/ram0');
  const [secondArgs, setSecondArgs] = useState<string | null>(null);
  const [network, setNetwork] = useState<OwnGuest['network']>('none');
  const housed = useHoused();
  const open = useOpenWorld();
  const { pathname } = useLocation();
  const [over, setOver] = useState(false);
  /** Names of files for which there was no place. */
  const [left, setLeft] = useState<readonly string[]>([]);
  // The page that the site's builder wrote knows nothing of this reader.
  useEffect(() => {
    setMemory((memory) => recall('memory', memory));
    setArgs((args) => recall('args', args));
    // If it does not come now, it is told when it is wanted.
    import('../bay/Bay.tsx').catch(() => undefined);
  }, []);

  const take = (list: Iterable<File>): void => {
    const placed = placeFiles(files, list);
    setFiles(placed.files);
    setLeft(placed.left.map(({ name }) => name));
  };
  // Beside the form, too: a browser that may do with a file what it likes goes there, and a Guest that runs would be gone.
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const dropped = (event: DragEvent): void => {
      if (event.defaultPrevented || event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      take(event.dataTransfer.files);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', dropped);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', dropped);
    };
  });
  const choose = (slot: Slot, file: File | null): void => {
    setFiles(({ [slot]: _gone, ...rest }) => (file === null ? rest : { ...rest, [slot]: file }));
  };
  const drop = (event: FormDragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const boot = (): void => {
    const { kernel, world } = files;
    const disk: OwnGuest['disk'] =
      files.disk !== undefined
        ? { kind: 'file', file: files.disk }
        : address.trim() === ''
          ? null
          : { kind: 'address', url: address.trim() };
    if (world !== undefined) {
      open(world, disk);
      return;
    }
    if (kernel === undefined) return;
    remember('memory', memory);
    remember('args', args);
    const next = new Session(new URL(worker, window.location.href).href, {
      type: 'boot',
      guest: {
        kernel,
        initrd: files.initrd ?? null,
        map: files.map ?? null,
        network,
        disk,
        memory: Number(memory),
        args,
        secondArgs: secondArgs ?? args,
      },
    });
    next.boot(true);
    house({ session: next, scene: null, title: kernel.name, home: pathname });
  };

  const own = housed !== null && housed.scene === null ? housed : null;
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
        <noscript>
          <p className="bench__wait">
            The workbench needs JavaScript; without it, <code>npx lguest</code> does the same on a command line.
          </p>
        </noscript>
        <p className="bench__hint">
          Drop files anywhere here, or choose them. <b>Nothing is uploaded</b>: your browser reads them, and they stay on your computer.
        </p>
        {left.length > 0 && (
          <p className="bench__hint" role="status">
            There was no place for {left.join(', ')}: one file for each, please.
          </p>
        )}
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
          <FileSlot
            slot="map"
            label="System.map"
            hint="if the kernel’s file has no names: a vmlinux has, a bzImage has none"
            file={files.map}
            onChoose={choose}
          />
          <FileSlot
            slot="world"
            label="A saved run"
            hint="instead of all these: it goes on where it was saved; its disk’s image, if it had one, beside it"
            file={files.world}
            onChoose={choose}
          />
        </div>
        <div className="bench__row">
          <label className="bench__memory">
            Memory, MB{' '}
            <input type="number" min={4} max={512} step={1} required value={memory} onChange={(event) => setMemory(event.target.value)} />
          </label>
          <label className="bench__network">
            Network{' '}
            <select value={network} onChange={({ target }) => setNetwork(target.value as OwnGuest['network'])}>
              <option value="none">none</option>
              <option value="user">a gateway at 10.0.2.2</option>
              <option value="pair">a second one like it, on one wire</option>
            </select>
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
          {network === 'pair' && (
            <label className="bench__args bench__args--second">
              … and the second one’s{' '}
              <input
                type="text"
                value={secondArgs ?? args}
                spellCheck={false}
                autoCapitalize="off"
                autoComplete="off"
                onChange={(event) => setSecondArgs(event.target.value)}
              />
            </label>
          )}
          <button type="submit" className="bench__boot" disabled={files.kernel === undefined && files.world === undefined}>
            {files.world !== undefined ? 'Open' : own === null ? 'Boot' : 'Boot anew'}
          </button>
        </div>
      </form>
      {own !== null && <Berth ref={null} housed={own} />}
    </div>
  );
}
