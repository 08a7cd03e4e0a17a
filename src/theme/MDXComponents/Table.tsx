import type { ComponentProps, ReactNode } from 'react';

import Sideways from './Sideways.tsx';

/** A table, which a narrow page shows piece by piece. */
export default function Table(props: ComponentProps<'table'>): ReactNode {
  return (
    <Sideways what="A table">
      <table {...props} />
    </Sideways>
  );
}
