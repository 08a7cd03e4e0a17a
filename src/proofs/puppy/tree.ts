/** A model of what is in a file system, and random deeds that are done to both it and the real one. */
import { expect } from 'vitest';
import type { Dice } from '#testing';
import type { DiskKernel } from './disk_kernel.ts';

/** A file or directory of the model. */
export interface Node {
  inode: number;
  links: number;
  /** Of a directory. */
  children?: Map<string, Node>;
  /** Of a file. */
  bytes?: Uint8Array;
  /** The last deed that touched it. */
  touched: number;
}

const NAMES = ['a', 'b', 'c', 'dir', 'letter', 'puppy.txt', 'x'.repeat(60), 'y'.repeat(255), 'ä ö ü', '-', '...', 'bone'];

const word = (done: number | string): string => (typeof done === 'string' ? done : 'ok');

/** The model beside the real one. */
export class Tree {
  readonly kernel: DiskKernel;
  readonly dice: Dice;
  readonly root: Node;
  /** Files without a name that somebody has open. */
  readonly held: Node[] = [];
  deeds = 0;
  /** How many deeds came to nothing for want of room. */
  full = 0;
  /** The largest file. */
  readonly most: number;

  constructor(kernel: DiskKernel, dice: Dice, most: number) {
    this.kernel = kernel;
    this.dice = dice;
    this.most = most;
    this.root = this.#learn(2);
  }

  /** What is there already. */
  #learn(inode: number): Node {
    const node: Node = { inode, links: 2, touched: 0, children: new Map() };
    for (const entry of this.kernel.readdir(inode) as { name: string; inode: number; kind: number }[]) {
      if (entry.name === '.' || entry.name === '..') continue;
      if (entry.kind === 4) node.children?.set(entry.name, this.#learn(entry.inode));
      else
        node.children?.set(entry.name, { inode: entry.inode, links: 1, touched: 0, bytes: this.kernel.readAll(entry.inode) as Uint8Array });
    }
    return node;
  }

  #directories(of = this.root): Node[] {
    return [of, ...[...(of.children?.values() ?? [])].flatMap((child) => (child.children ? this.#directories(child) : []))];
  }

  #contains(outer: Node, inner: Node): boolean {
    return this.#directories(outer).includes(inner);
  }

  #touch(node: Node): void {
    node.touched = this.deeds;
    for (const child of node.children?.values() ?? []) this.#touch(child);
  }

  /** Does something, and expects the same of both. */
  deed(): void {
    const { dice, kernel } = this;
    this.deeds++;
    const directory = dice.pick(this.#directories());
    const children = directory.children as Map<string, Node>;
    const name = dice.pick(NAMES);
    const found = children.get(name);
    switch (dice.below(12)) {
      case 0:
      case 1:
        return this.#create(directory, name, found, false);
      case 2:
        return this.#create(directory, name, found, true);
      case 3:
        return this.#unlink(directory, name, found, dice.oneIn(3));
      case 4:
        return this.#rename(directory, name, found);
      case 5:
        expect(kernel.lookup(directory.inode, name)).toBe(found?.inode ?? 'ENOENT');
        return;
      default: {
        const file = [...children.values()].find(({ bytes }) => bytes !== undefined) ?? this.held[0];
        if (file === undefined) return this.#create(directory, name, found, false);
        if (dice.oneIn(4)) this.#truncate(file);
        else if (dice.oneIn(3)) this.#read(file);
        else this.#write(file);
      }
    }
  }

  #ok(done: number | string, expected: string): boolean {
    if (expected === 'ok' && done === 'ENOSPC') {
      this.full++;
      return false;
    }
    expect(word(done)).toBe(expected);
    return expected === 'ok';
  }

  #create(directory: Node, name: string, found: Node | undefined, isDirectory: boolean): void {
    const { kernel } = this;
    const done = isDirectory ? kernel.mkdir(directory.inode, name) : kernel.create(directory.inode, name);
    if (!this.#ok(done, found ? 'EEXIST' : 'ok')) return;
    const kind = isDirectory ? { children: new Map<string, Node>() } : { bytes: new Uint8Array(0) };
    directory.children?.set(name, { inode: done as number, links: isDirectory ? 2 : 1, touched: this.deeds, ...kind });
  }

  #unlink(directory: Node, name: string, found: Node | undefined, asDirectory: boolean): void {
    const hold = found?.bytes !== undefined && !asDirectory && this.dice.oneIn(4);
    if (hold) expect(this.kernel.hold(found.inode)).toBe(0);
    const done = this.kernel.unlink(directory.inode, name, asDirectory);
    const wrong = found?.children
      ? asDirectory
        ? found.children.size > 0
          ? 'ENOTEMPTY'
          : 'ok'
        : 'EISDIR'
      : asDirectory
        ? 'ENOTDIR'
        : 'ok';
    if (!this.#ok(done, found ? wrong : 'ENOENT')) return;
    directory.children?.delete(name);
    if (hold && found) this.held.push(found);
  }

  #rename(from: Node, name: string, found: Node | undefined): void {
    const to = this.dice.pick(this.#directories());
    const newName = this.dice.pick(NAMES);
    const over = to.children?.get(newName);
    const done = this.kernel.rename(from.inode, name, to.inode, newName);
    let expected = 'ok';
    if (!found) expected = 'ENOENT';
    else if (found.children && this.#contains(found, to)) expected = 'EINVAL';
    else if (over && over !== found) {
      if (found.children) expected = over.children ? (over.children.size > 0 ? 'ENOTEMPTY' : 'ok') : 'ENOTDIR';
      else if (over.children) expected = 'EISDIR';
    }
    if (!this.#ok(done, expected) || !found || over === found) return;
    from.children?.delete(name);
    to.children?.set(newName, found);
    this.#touch(found);
  }

  #write(file: Node): void {
    const { dice } = this;
    const old = file.bytes as Uint8Array;
    const offset = dice.oneIn(3) ? old.length : dice.below(this.most);
    const bytes = dice.bytes(dice.oneIn(4) ? dice.below(40_000) : dice.below(3000));
    file.touched = this.deeds;
    const done = this.kernel.write(file.inode, offset, bytes);
    if (!this.#ok(done, 'ok')) return;
    const written = done as number;
    if (written < bytes.length) this.full++;
    if (written === 0) return;
    const now = new Uint8Array(Math.max(old.length, offset + written));
    now.set(old);
    now.set(bytes.subarray(0, written), offset);
    file.bytes = now;
  }

  #truncate(file: Node): void {
    const old = file.bytes as Uint8Array;
    const size = this.dice.oneIn(3) ? 0 : this.dice.below(this.most);
    file.touched = this.deeds;
    expect(this.kernel.truncate(file.inode, size)).toBe(0);
    const now = new Uint8Array(size);
    now.set(old.subarray(0, size));
    file.bytes = now;
  }

  #read(file: Node): void {
    const bytes = file.bytes as Uint8Array;
    const offset = this.dice.below(this.most);
    const count = this.dice.below(50_000);
    const read = this.kernel.read(file.inode, offset, count);
    expect(read).not.toBeTypeOf('string');
    expect(Buffer.from(read as Uint8Array).equals(bytes.slice(offset, offset + count))).toBe(true);
  }

  /** Lets go of the files without a name. */
  letGo(): void {
    for (const { inode } of this.held.splice(0)) expect(this.kernel.drop(inode)).toBe(0);
  }

  /** All files by path, with the deed that touched each last. */
  files(node = this.root, path = ''): { path: string; bytes: Uint8Array; touched: number }[] {
    return [...(node.children ?? [])].flatMap(([name, child]) =>
      child.bytes ? [{ path: `${path}/${name}`, bytes: child.bytes, touched: child.touched }] : this.files(child, `${path}/${name}`),
    );
  }

  /** Is everything in this kernel's file system as it should be? */
  compare(kernel: DiskKernel, node = this.root, inode = 2): void {
    const entries = kernel.readdir(inode);
    if (typeof entries === 'string') throw new Error(entries);
    const real = entries.filter(({ name }) => name !== '.' && name !== '..');
    const decode = (text: string): string => new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)));
    expect(real.map(({ name }) => decode(name)).sort()).toEqual([...(node.children?.keys() ?? [])].sort());
    for (const { name, inode: to, kind } of real) {
      const child = node.children?.get(decode(name)) as Node;
      expect(kind).toBe(child.children ? 4 : 8);
      expect(kernel.stat(to)).toMatchObject({ size: child.bytes ? child.bytes.length : (expect.anything() as unknown), inode: to });
      if (child.bytes) expect(Buffer.from(kernel.readAll(to) as Uint8Array).equals(child.bytes), name).toBe(true);
      else this.compare(kernel, child, to);
    }
  }
}
