/** Opens saved worlds, wherever the reader is. */
import { useCallback, useEffect } from 'react';
import useBaseUrl from '@docusaurus/useBaseUrl';

import { useLiveUrl } from '../page/use_live_url.ts';
import type { Request } from '../protocol.ts';
import type { LiveSite } from './open_world.ts';

/** Where the site has what it takes. */
export function useLiveSite(): LiveSite {
  const worker = useLiveUrl('worker.js');
  const scenes = useLiveUrl('scenes/');
  const home = useBaseUrl('/');
  return { worker, scenes, home };
}

/** Opens a file that holds a saved world. */
export function useOpenWorld(): (file: File, image?: Extract<Request, { type: 'open' }>['disk']) => void {
  const { worker, scenes, home } = useLiveSite();
  return useCallback(
    (file, image) => {
      void import('./open_world.ts').then(({ openWorld }) => openWorld(file, { worker, scenes, home }, image));
    },
    [worker, scenes, home],
  );
}

/** A saved world that is dropped on a page, by itself, is opened. */
export function useDroppedWorld(): void {
  const open = useOpenWorld();
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      const { files } = event.dataTransfer ?? { files: [] };
      const [file] = files;
      if (files.length !== 1 || !/\.lguest$/i.test(file.name)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      open(file);
    };
    window.addEventListener('dragover', over);
    // Before any form that takes files sees it.
    window.addEventListener('drop', drop, true);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop, true);
    };
  }, [open]);
}
