import type { JSX } from 'preact';
import type { Severity } from '../../../server/protocol/views';
import { t } from '../strings';

/** A shape and a color for a severity: a disc with a cross, a triangle, an i. */
export function SeverityIcon({ severity }: { severity: Severity }): JSX.Element {
  return (
    <svg
      class={`severity ${severity}`}
      width="16"
      height="16"
      viewBox="-8 -8 16 16"
      role="img"
      aria-label={severityText(severity)}
    >
      {severity === 'warning' ? (
        <path d="M0,-6 L6.8,6 H-6.8 Z M0,-2 V2 M0,3.6 V4.6" />
      ) : (
        <path
          d={`M6.5,0 A6.5,6.5 0 1 1 -6.5,0 A6.5,6.5 0 1 1 6.5,0 ${severity === 'error' ? 'M-2.7,-2.7 L2.7,2.7 M2.7,-2.7 L-2.7,2.7' : 'M0,-3.6 V-2.6 M0,-0.6 V3.6'}`}
        />
      )}
    </svg>
  );
}

function severityText(severity: Severity): string {
  return severity === 'error' ? t('Error') : severity === 'warning' ? t('Warning') : t('Information');
}
