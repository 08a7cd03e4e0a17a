import type { ReactNode } from 'react';

/** A line, struck out, and what it becomes, if anything. */
export default function LineChange({ line, becomes }: { line: string; becomes?: string | undefined }): ReactNode {
  return (
    <pre className="break__code">
      <code>
        <del>{line}</del>
        {becomes !== undefined && (
          <>
            {'\n'}
            <ins>{becomes}</ins>
          </>
        )}
      </code>
    </pre>
  );
}
