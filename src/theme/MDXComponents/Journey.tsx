import { Children, isValidElement, useId, useRef } from 'react';
import type { KeyboardEvent, ReactElement, ReactNode } from 'react';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import clsx from 'clsx';

import { useJourney } from '../journeys/use_journey.ts';
import JourneyStep from '../journeys/JourneyStep.tsx';
import LaneHeads from '../journeys/LaneHeads.tsx';
import Step from './Step.tsx';
import type { StepProps } from './Step.tsx';

interface JourneyProps {
  /** Its name on the page. */
  name: string;
  /** On the map. */
  label: string;
  scene: string;
  /** The instruments that open, if not the scene's own. */
  panels?: string;
  /** Told by the build. */
  title?: string;
  children: ReactNode;
}

/** One journey through the worlds: a line that goes from lane to lane, a stop for each step, and a live Guest that is taken there. */
export default function Journey({ name, scene, panels, title, children }: JourneyProps): ReactNode {
  const steps = stepsIn(children);
  const list = useRef<HTMLOListElement>(null);
  const { current, go } = useJourney({ scene, title, panels, keys: steps.map(({ moment = '' }) => moment), list });
  const label = useId();
  useBrokenLinks().collectAnchor(name);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go((current ?? -1) + by);
  };
  return (
    <section className={clsx('journey', current !== null && 'journey--begun')} id={name} data-journey={name} onKeyDown={onKeyDown}>
      <div className="journey__bar" role="group" aria-label="Along this journey">
        <button type="button" disabled={current === null || current === 0} onClick={() => go((current ?? 0) - 1)}>
          <span aria-hidden="true">◀</span> Step before
        </button>
        <span id={label} className="journey__where" role="status">
          {current === null ? `${steps.length} steps` : `Step ${current + 1} of ${steps.length}`}
        </span>
        <button type="button" disabled={current === steps.length - 1} onClick={() => go((current ?? -1) + 1)}>
          {current === null ? 'Set out' : 'Next step'} <span aria-hidden="true">▶</span>
        </button>
      </div>
      <LaneHeads />
      <ol ref={list} className="journey__steps" aria-labelledby={label}>
        {steps.map((step, index) => (
          <JourneyStep
            key={step.moment ?? index}
            step={step}
            index={index}
            next={steps[index + 1]?.who ?? null}
            state={current === null ? 'ahead' : index === current ? 'here' : index < current ? 'been' : 'ahead'}
            onGo={() => go(index)}
            id={`${name}-${index}`}
          />
        ))}
      </ol>
    </section>
  );
}

/** What stands between the tags: the steps, in their order. */
function stepsIn(children: ReactNode): StepProps[] {
  return Children.toArray(children).flatMap((child): StepProps[] => {
    if (!isValidElement(child)) return [];
    if (child.type === Step) return [(child as ReactElement<StepProps>).props];
    return stepsIn((child.props as { children?: ReactNode }).children);
  });
}
