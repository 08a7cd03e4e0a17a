/** Components whose code is fetched when they are first shown. What cannot be fetched says so, in its own place, and can be tried again; the page around it stays. */
import { Component, useEffect, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import clsx from 'clsx';

/**
 * Makes such a component.
 * @param load fetches it; called again for each new try
 * @param what what the reader misses until it is there: “the instruments”
 */
export function fetched<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
  what: string,
): ComponentType<Props> {
  let known: ComponentType<Props> | null = null;
  return function Fetched(props: Props): ReactNode {
    const [Part, setPart] = useState<ComponentType<Props> | null>(() => known);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (Part !== null || failed) return undefined;
      let wanted = true;
      load().then(
        (module) => {
          known = module.default;
          if (wanted) setPart(() => known);
        },
        () => {
          if (wanted) setFailed(true);
        },
      );
      return () => {
        wanted = false;
      };
    }, [Part, failed]);
    if (Part !== null) return <Part {...props} />;
    return failed ? (
      <Missing what={what} again={() => setFailed(false)} />
    ) : (
      <p className="panel__empty" data-coming="">
        Fetching {what}…
      </p>
    );
  };
}

function Missing({ what, again }: { what: string; again: () => void }): ReactNode {
  return (
    <div className="mishap" role="alert">
      <p>
        {what[0].toUpperCase() + what.slice(1)} could not be fetched. You may be offline; or this book was published anew since you opened
        the page, and then it must be loaded again.
      </p>
      <p>
        <button type="button" onClick={again}>
          Try again
        </button>{' '}
        <button type="button" onClick={() => window.location.reload()}>
          Load the page again
        </button>
      </p>
    </div>
  );
}

interface ContainedProps {
  readonly what: string;
  /** Where it is not only a view of the Guest, but the Guest's own place: has that as it was before a Guest came. */
  readonly startAgain?: () => void;
  readonly children: ReactNode;
}

/** Keeps a fault of ours in its place. */
export class Contained extends Component<ContainedProps, { readonly message: string | null }> {
  override state = { message: null };

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { what, startAgain, children } = this.props;
    if (this.state.message === null) return children;
    const again = (): void => {
      startAgain?.();
      this.setState({ message: null });
    };
    return (
      <div className={clsx('mishap', startAgain && 'mishap--at-foot')} role="alert">
        <p>
          {what} broke: {this.state.message}.{' '}
          {startAgain ? 'The page does not mind; the Guest is out of reach.' : 'The Guest does not mind.'}
        </p>
        <p>
          <button type="button" onClick={again}>
            {startAgain ? 'Put the Guest away, and start again' : 'Show it again'}
          </button>
        </p>
      </div>
    );
  }
}
