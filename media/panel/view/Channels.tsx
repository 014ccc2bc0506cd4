import type { JSX } from 'preact';
import type { ChannelMeta, ChannelStatus } from '../../../server/protocol/views';
import { fullCount, rate } from '../../../server/shared/format';
import { isOver, type SessionView } from '../../../server/shared/sessionView';
import type { PanelStore } from '../state/store';
import { t } from '../strings';
import { DepthChart } from './DepthChart';

/** One card per channel: name, depth, rates, and a queue's depth over time. A click filters the messages. */
export function Channels({ store, session }: { store: PanelStore; session: SessionView }): JSX.Element {
  const channels = store.channels();
  if (channels.length === 0) {
    return <p class="hint">{isOver(session) ? t('No queues or pipes were created.') : t('No queues or pipes yet.')}</p>;
  }
  return (
    <section class="channels" aria-label={t('Channels')}>
      {channels.map((channel) => {
        const status = session.channelStatus.get(channel.id);
        return status === undefined ? null : (
          <Card key={channel.id} store={store} channel={channel} status={status} live={!isOver(session)} />
        );
      })}
    </section>
  );
}

function Card({
  store,
  channel,
  status,
  live,
}: {
  store: PanelStore;
  channel: ChannelMeta;
  status: ChannelStatus;
  live: boolean;
}): JSX.Element {
  const selected = store.filter.channelId === channel.id;
  const isQueue = channel.kind !== 'Pipe' && channel.kind !== 'Connection';
  const full = channel.capacity > 0 && status.depth >= channel.capacity;
  const { channelId: _, ...others } = store.filter;
  const outcomes = Object.entries(status.outcomes).filter(([, number]) => number > 0);
  return (
    <button
      type="button"
      class={`card${selected ? ' selected' : ''}`}
      aria-pressed={selected}
      title={t('Show only the messages of {0}', channel.name)}
      onClick={() => store.setFilter(selected ? others : { ...others, channelId: channel.id })}
    >
      <span class="top">
        <span class="name">{channel.name}</span>
        <span class="kind">{channel.kind}</span>
        <span
          class={`depth${full ? ' full' : ''}`}
          title={t('{0} buffered in the sender, {1} in the pipe', status.depthFeeder, status.depthPipe)}
        >
          {fullCount(status.depth)}
          {channel.capacity > 0 && <small>/{channel.capacity}</small>}
        </span>
      </span>
      <DepthChart
        series={store.depths(channel.id)}
        capacity={channel.capacity}
        label={t('Depth of {0} over time, now {1}', channel.name, status.depth)}
      />
      <span class="bottom">
        {isQueue
          ? t('{0} in · {1} out', fullCount(status.puts), fullCount(status.gets))
          : t('{0} sent · {1} received', fullCount(status.sends), fullCount(status.receives))}
        {live && ` · ${t('{0}/s', rate(status.rate))}`}
        {` · ${t('peak {0}', fullCount(status.depthMax))}`}
        {outcomes.map(([name, number]) => (
          <span class="outcome" key={name}>{`${name} ${number}`}</span>
        ))}
      </span>
    </button>
  );
}
