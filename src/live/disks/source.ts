/** Where a disk's bytes come from before anybody wrote to it: a file that the reader chose, or an address that answers range requests. */
import { pieceOf } from './chosen_file.ts';

/** What the page names. */
export type DiskOrigin = { readonly kind: 'file'; readonly file: File } | { readonly kind: 'address'; readonly url: string };

/** An image, read piece by piece. */
export interface DiskSource {
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  /** The same for the same image at another visit; what was written to it is found by this. */
  readonly id: string;
  /** There is no image: all that is on the disk was written to it. */
  readonly isEmpty?: true;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The bytes from one offset to another, for a Blob that is put together from many. */
  part(from: number, to: number): Promise<Blob>;
}

/** Opens an image. @throws Error with a sentence for the reader */
export function openSource(origin: DiskOrigin): Promise<DiskSource> {
  return origin.kind === 'file' ? fileSource(origin.file) : addressSource(origin.url);
}

async function fileSource(file: File): Promise<DiskSource> {
  await pieceOf(file, 0, 1);
  return {
    name: file.name,
    length: file.size,
    id: `file ${file.name} ${file.size} ${file.lastModified}`,
    read: (offset, length) => pieceOf(file, offset, offset + length),
    part: (from, to) => Promise.resolve(file.slice(from, to)),
  };
}

async function addressSource(url: string): Promise<DiskSource> {
  const ask = (from: number, to: number): Promise<Response> => fetch(url, { headers: { range: `bytes=${from}-${to - 1}` } });
  let first: Response;
  try {
    first = await ask(0, 1);
  } catch {
    throw new Error(`${url} cannot be reached from this page: the server is not there, or it does not allow other sites to read it (CORS)`);
  }
  await first.body?.cancel();
  if (first.status === 200)
    throw new Error(`the server of ${url} sends whole files only: it does not support range requests, and a disk is read in pieces`);
  if (first.status !== 206) throw new Error(`${url}: the server answers ${first.status}`);
  const length = Number(
    /\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1] ?? (await fetch(url, { method: 'HEAD' })).headers.get('content-length'),
  );
  if (!(length > 0))
    throw new Error(`the server of ${url} does not say how long the image is (Content-Range must be exposed to this page)`);
  const read = async (offset: number, size: number): Promise<Uint8Array> => {
    const answer = await ask(offset, Math.min(length, offset + size));
    if (answer.status !== 206) throw new Error(`the server answers ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  return {
    name: url.split('/').pop() ?? url,
    length,
    id: `address ${url} ${length} ${first.headers.get('etag') ?? first.headers.get('last-modified') ?? ''}`,
    read,
    part: async (from, to) => new Blob([(await read(from, to - from)) as Uint8Array<ArrayBuffer>]),
  };
}
