import type { JSX } from 'preact';
import { t } from '../strings';
import type { PageProps } from './tabList';

/** Pools, their workers and tasks. */
export function PoolsPage({ session }: PageProps): JSX.Element {
  if (session.pools.size === 0)
    return <p class="hint">{t('No pool or executor has been made yet. They appear here as soon as one is.')}</p>;
  return (
    <ul>
      {[...session.pools.values()].map((each) => (
        <li key={each.id}>{each.name}</li>
      ))}
    </ul>
  );
}
