/** What was written to disks, by chunk: kept by the browser, so that it is there again after a reload. */

/** Keeps chunks under a disk's id. */
export interface Overlay {
  /** What is kept is there again after a reload; else only as long as the page lives. */
  readonly lasts: boolean;
  /** Numbers of the chunks that differ from the image. */
  list(disk: string): Promise<number[]>;
  get(disk: string, chunk: number): Promise<Uint8Array | null>;
  /** Done once it would survive the end of the page; with `strict`, of the power. Null: as the image has it. */
  put(disk: string, chunk: number, bytes: Uint8Array | null, strict?: boolean): Promise<void>;
  /** Forgets all that was written to a disk. */
  clear(disk: string): Promise<void>;
}

const STORE = 'chunks';

/** The browser's IndexedDB; memory where there is none (a private window, perhaps): then nothing survives. */
export async function openOverlay(): Promise<Overlay> {
  try {
    return new StoredOverlay(await openDatabase());
  } catch {
    return new MemoryOverlay();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('lguest-live-disks', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('no database'));
  });
}

class StoredOverlay implements Overlay {
  readonly lasts = true;
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  #do<T>(mode: IDBTransactionMode, what: (store: IDBObjectStore) => { readonly result: T }, strict = false): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(STORE, mode, { durability: strict ? 'strict' : 'relaxed' });
      const request = what(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser did not keep what was written'));
    });
  }

  async list(disk: string): Promise<number[]> {
    const keys = await this.#do('readonly', (store) => store.getAllKeys(everyChunk(disk)));
    return keys.map((key) => (key as [string, number])[1]);
  }

  async get(disk: string, chunk: number): Promise<Uint8Array | null> {
    return (await this.#do('readonly', (store) => store.get([disk, chunk]) as IDBRequest<Uint8Array | undefined>)) ?? null;
  }

  async put(disk: string, chunk: number, bytes: Uint8Array | null, strict = false): Promise<void> {
    await this.#do<unknown>(
      'readwrite',
      (store) => (bytes === null ? store.delete([disk, chunk]) : store.put(bytes, [disk, chunk])),
      strict,
    );
  }

  async clear(disk: string): Promise<void> {
    await this.#do<unknown>('readwrite', (store) => store.delete(everyChunk(disk)), true);
  }
}

function everyChunk(disk: string): IDBKeyRange {
  return IDBKeyRange.bound([disk, 0], [disk, Infinity]);
}

/** Keeps chunks as long as the page lives. */
export class MemoryOverlay implements Overlay {
  readonly lasts = false;
  readonly #disks = new Map<string, Map<number, Uint8Array>>();

  #of(disk: string): Map<number, Uint8Array> {
    let chunks = this.#disks.get(disk);
    if (chunks === undefined) this.#disks.set(disk, (chunks = new Map<number, Uint8Array>()));
    return chunks;
  }

  list(disk: string): Promise<number[]> {
    return Promise.resolve([...this.#of(disk).keys()]);
  }

  get(disk: string, chunk: number): Promise<Uint8Array | null> {
    return Promise.resolve(this.#of(disk).get(chunk) ?? null);
  }

  put(disk: string, chunk: number, bytes: Uint8Array | null): Promise<void> {
    if (bytes === null) this.#of(disk).delete(chunk);
    else this.#of(disk).set(chunk, bytes);
    return Promise.resolve();
  }

  clear(disk: string): Promise<void> {
    this.#disks.delete(disk);
    return Promise.resolve();
  }
}
