import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useLiveUrl } from '#live';

/** One for all: fetched once a page. */
let facts: Promise<Record<string, string | number>> | null = null;

function loadFacts(url: string): Promise<Record<string, string | number>> {
  facts ??= fetch(url).then(
    (response) => (response.ok ? response.json() : {}),
    () => ({}),
  );
  return facts;
}

interface MeasuredProps {
  /** Its name; of a scene, the way into the run's counts that the scene promises. */
  fact: string;
  fallback: string;
  scene?: string;
}

/** A number nobody typed: the build measured it. Until it is here, or where it is not, the fallback stands. */
export default function Measured({ fact, fallback, scene }: MeasuredProps): ReactNode {
  const url = useLiveUrl('facts.json');
  const [value, setValue] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    void loadFacts(url).then((all) => {
      const found = all[scene === undefined ? fact : `${scene}/${fact}`];
      if (wanted && found !== undefined) setValue(typeof found === 'number' ? found.toLocaleString('en') : found);
    });
    return () => {
      wanted = false;
    };
  }, [url, fact, scene]);
  return (
    <span className="measured" data-fact={fact} title={value === null ? undefined : 'Measured when this page was built'}>
      {value ?? fallback}
    </span>
  );
}
