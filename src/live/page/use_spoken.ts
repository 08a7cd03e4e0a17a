/** Changes at the pace of a listener: for what a screen reader says aloud. */
import { useEffect, useRef, useState } from 'react';

/** Milliseconds between two sentences about the same thing. */
const PATIENCE = 8000;

/**
 * A sentence that changes at once when it is about something else, and else only now and then.
 * @param subject what it is about
 */
export function useSpoken(sentence: string, subject: string): string {
  const [spoken, setSpoken] = useState(sentence);
  const latest = useRef(sentence);
  latest.current = sentence;
  useEffect(() => {
    setSpoken(latest.current);
    const timer = setInterval(() => setSpoken(latest.current), PATIENCE);
    return () => clearInterval(timer);
  }, [subject]);
  return spoken;
}
