/** What a line of three marks or more is to the fence that it stands in: for the parser, and for whoever writes code into a chapter. */

/** The line that opens a fence: its marks, and what it says. */
export const OPENING = /^(`{3,}|~{3,})\s*([^]*)$/;

/** Whether a line ends the fence that `marks` open. */
export function isClosing(line: string, marks: string): boolean {
  const text = line.trim();
  return text.length >= marks.length && [...text].every((character) => character === marks[0]);
}

/** Whether a line of code looks like the beginning of another fence: one that was forgotten to be closed would swallow it. */
export function opensFence(code: string, marks: string): boolean {
  const inner = OPENING.exec(code.replace(/^[\s>]*/, ''));
  return inner !== null && inner[1].startsWith(marks) && inner[2].trim() !== '' && !(marks[0] === '`' && inner[2].includes('`'));
}

/** Whether a line cannot be code in a fence that `marks` open: it would end it (in MDX however deep), or be taken for the next one. */
export function disturbsFence(code: string, marks: string): boolean {
  return isClosing(code, marks) || opensFence(code, marks);
}
