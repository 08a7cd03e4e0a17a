/** Names for addresses, where the reader's kernel has any. */
import { addressNamed, nameAt } from '../../kernels/symbols.ts';
import type { SymbolTable } from '../protocol.ts';
import { readAddress } from './breakpoints.ts';

/** The name of what is at an address, with the distance behind it; null where there is none. */
export function nameOf(symbols: SymbolTable | null, address: number): string | null {
  return symbols === null ? null : nameAt(symbols, address);
}

/** An address as it stands in an instruction, of a kernel's half. */
const ADDRESS = /\b(?:0x)?([c-f][0-9a-f]{7})\b/g;

/** An instruction with the names of the addresses in it, as a disassembler writes them. */
export function withNames(symbols: SymbolTable | null, text: string): string {
  return text.replace(ADDRESS, (all, digits: string) => {
    const name = nameOf(symbols, Number.parseInt(digits, 16));
    return name === null ? all : `${all} <${name}>`;
  });
}

/** What a reader may write for an instruction: its address, or a name. Null where it is neither. */
export function addressMeant(symbols: SymbolTable | null, text: string): number | null {
  return (symbols === null ? null : addressNamed(symbols, text)) ?? readAddress(text);
}
