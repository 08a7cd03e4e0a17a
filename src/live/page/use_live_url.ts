/** Where what the Guests run is fetched from. */
import useBaseUrl from '@docusaurus/useBaseUrl';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';

/**
 * The address of a file of this edition: the built site has them in a folder named by their content, the writer's loop just so.
 * @param file `worker.js`, `scenes/traps.json`; the folder itself where it is empty
 */
export function useLiveUrl(file: string): string {
  const folder = useDocusaurusContext().siteConfig.customFields?.live as string;
  return useBaseUrl(`/${folder}${file}`);
}
