import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { markerClass } from './marker_class.ts';

/** The class of a marker's badge, as a component asks for it: see {@link markerClass}. @param id a marker or a chunk's id */
export function useMarkerClass(id: string): string {
  return markerClass(id, useDocusaurusContext().siteConfig.customFields?.milestones as string);
}
