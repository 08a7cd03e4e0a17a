import { findJsonFaults, JsonText } from '#tangle';
import type { ChunkIndex, JsonPath, Note } from '#tangle';
import type { Complaint } from './json_check.ts';
import { origin, SceneFault } from './scene_fault.ts';

/** A JSON file of the chapters: it is as it should be, and knows where each thing in it was written. */
export class ChapterJson<T> {
  readonly #json: JsonText;
  readonly #name: string;
  readonly #path: string;
  readonly #chunks: ChunkIndex;

  /**
   * @param name what it is about, for complaints: “scene x”
   * @param path of the extracted file
   * @throws SceneFault when it is no JSON, or `check` complains
   */
  constructor(name: string, path: string, text: string, chunks: ChunkIndex, check: (json: JsonText) => readonly Complaint[]) {
    this.#json = new JsonText(text);
    this.#name = name;
    this.#path = path;
    this.#chunks = chunks;
    const faults = findJsonFaults(text).map((fault) => this.#at(fault, `is not as JSON should be: ${fault.message}`));
    if (faults.length > 0) throw new SceneFault(faults);
    const complaints = check(this.#json);
    if (complaints.length > 0) throw new SceneFault(complaints.map((one) => this.#at(this.#json.spanOf(one.path, one.part), one.sentence)));
  }

  get value(): T {
    return this.#json.value as T;
  }

  /** What is wrong with a thing that stands in it. @param sentence goes on after its name */
  fault(path: JsonPath, sentence: string): SceneFault {
    return new SceneFault([this.#at(this.#json.spanOf(path), sentence)]);
  }

  #at(span: { offset: number; length: number }, sentence: string): Note {
    const { line, column } = this.#json.lineOf(span.offset);
    return { ...origin(this.#chunks, this.#path, line, column), length: span.length, message: `${this.#name} ${sentence}` };
  }
}
