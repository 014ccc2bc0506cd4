import type { JSX } from 'preact';
import type { ChannelMoment, Moment, ProcessMoment } from '../../../server/protocol/timeline';
import type { ProcessId } from '../../../server/protocol/views';
import { count, duration, moment as timeOf } from '../../../server/shared/format';
import type { SessionView } from '../../../server/shared/sessionView';
import { callText } from '../../../server/shared/text/calls';
import { endText } from '../../../server/shared/text/names';
import { t } from '../strings';
import { Line } from '../view/Line';
import type { Actions } from '../view/props';

interface AtMomentProps {
  readonly session: SessionView;
  readonly moment: Moment;
  readonly shown: ReadonlySet<ProcessId>;
  readonly library: boolean;
  readonly actions: Actions;
  onOpenMessage(id: number): void;
}

/** The state at the cursor as text: each process, and each channel with its depth. */
export function AtMoment({ session, moment, shown, library, actions, onOpenMessage }: AtMomentProps): JSX.Element {
  const processes = moment.processes.filter((each) => shown.has(each.processId) && each.state !== 'unborn');
  const channels = moment.channels.filter(({ channelId }) => {
    const meta = session.channels.get(channelId);
    return meta !== undefined && (library || meta.owner === 'user');
  });
  return (
    <section class="tl-moment" aria-label={t('At {0}', timeOf(moment.atMs))}>
      <div>
        <h2>{t('At {0}', timeOf(moment.atMs))}</h2>
        <table>
          <thead class="unseen">
            <tr>
              <th scope="col">{t('Process')}</th>
              <th scope="col">{t('State')}</th>
              <th scope="col">{t('Line')}</th>
            </tr>
          </thead>
          <tbody>
            {processes.map((each) => (
              <tr key={each.processId}>
                <th scope="row">{session.processes.get(each.processId)?.name ?? each.processId}</th>
                <td>{stateText(session, each, moment.atMs)}</td>
                <td>
                  <Line line={each.wait?.line ?? null} actions={actions} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {channels.length > 0 && (
        <div>
          <h2>{t('Queues and pipes')}</h2>
          <table>
            <thead class="unseen">
              <tr>
                <th scope="col">{t('Channel')}</th>
                <th scope="col">{t('Depth')}</th>
                <th scope="col">{t('Oldest messages')}</th>
              </tr>
            </thead>
            <tbody>
              {channels.map((each) => (
                <tr key={each.channelId}>
                  <th scope="row">{session.channels.get(each.channelId)?.name ?? each.channelId}</th>
                  <td>{depthText(session, each)}</td>
                  <td>
                    {each.items.slice(0, 5).map((id) => (
                      <button type="button" class="link" key={id} onClick={() => onOpenMessage(id)}>
                        #{id}
                      </button>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function stateText(session: SessionView, { processId, state, wait }: ProcessMoment, atMs: number): string {
  if (wait !== null) return t('blocked in {0} for {1}', callText(wait), duration(atMs - wait.sinceMs));
  const status = session.processStatus.get(processId);
  if (state === 'ended') return status === undefined ? t('ended') : endText(status);
  return state === 'running' ? t('running') : t('unknown: its events were recycled');
}

function depthText(session: SessionView, { channelId, depth }: ChannelMoment): string {
  const capacity = session.channels.get(channelId)?.capacity ?? 0;
  return capacity > 0 ? t('{0} of {1}', count(depth), count(capacity)) : count(depth);
}
