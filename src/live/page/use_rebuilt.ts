import { useEffect } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';

/** Calls back when the writer's loop (`npm run dev`) has built the Guests anew. On the published site it does nothing. */
export function useRebuilt(rebuilt: () => void): void {
  const { siteConfig } = useDocusaurusContext();
  const url = siteConfig.customFields?.rebuilds as string | undefined;
  useEffect(() => {
    if (!url) return undefined;
    const source = new EventSource(url);
    source.onmessage = rebuilt;
    return () => source.close();
  }, [url, rebuilt]);
}
