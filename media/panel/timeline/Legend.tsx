import type { JSX } from 'preact';
import { t } from '../strings';
import type { Fill, Theme } from './theme';

/** What the colours of the lanes mean. */
export function Legend({ theme }: { theme: Theme }): JSX.Element {
  const entries: readonly (readonly [string, number])[] = [
    [t('running'), 0],
    [t('blocked in get or recv'), 1],
    [t('blocked in put or send'), 3],
    [t('blocked in a lock'), 4],
    [t('blocked in join'), 5],
  ];
  return (
    <ul class="tl-legend">
      {entries.map(([label, state]) => {
        const { colour, alpha } = theme.states[state] as Fill;
        return (
          <li key={label}>
            <span
              class="tl-swatch"
              ref={(element) => {
                if (element === null) return;
                element.style.background = colour;
                element.style.opacity = String(alpha);
              }}
            />
            {label}
          </li>
        );
      })}
    </ul>
  );
}
