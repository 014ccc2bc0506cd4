import type { JSX } from 'preact';
import type { PanelAct } from '../../../server/protocol/panel';
import { bytes, moment } from '../../../server/shared/format';
import { actionText, intentText, stoppedOf } from '../state/stops';
import { t } from '../strings';
import { Line } from './Line';
import type { PageProps } from './props';

const SHOWN = 5;

/** Processes paused at an operation with their messages, and the user's changes to messages. */
export function Stops({ store, session, actions }: PageProps): JSX.Element | null {
  const stopped = stoppedOf(session);
  const done = session.developer;
  if (stopped.length + done.length === 0) return null;
  const acts: readonly (readonly [PanelAct, string])[] = [
    ['edit', t('Edit…')],
    ['drop', t('Drop')],
    ['twice', t('Send twice')],
    ['delay', t('Delay…')],
  ];
  return (
    <div class="stops">
      {stopped.length > 0 && (
        <ul aria-label={t('Stopped processes')}>
          {stopped.map(({ process, stop }) => (
            <li
              key={process.id}
              class={store.markedProcess === process.id ? 'marked' : ''}
              aria-current={store.markedProcess === process.id}
              data-vscode-context={JSON.stringify({
                webviewSection: stop.message === null ? 'stop' : 'forkscopeStop',
                kind: 'process',
                sessionId: session.id,
                processId: process.id,
                preventDefaultContextMenuItems: true,
              })}
            >
              <button
                type="button"
                class="link"
                title={t('Show it in the debugger and the tree')}
                onClick={() => {
                  store.mark(process.id);
                  actions.reveal(process.id);
                }}
              >
                {process.name}
              </button>
              <span class="what">{stop.text}</span>
              {stop.message !== null && <code>{stop.message}</code>}
              {stop.bytes !== null && <small>{bytes(stop.bytes)}</small>}
              {stop.intents.map((each) => (
                <em key={each}>{intentText(each)}</em>
              ))}
              {stop.message !== null && (
                <span class="buttons">
                  {acts.map(([act, title]) => (
                    <button type="button" key={act} onClick={() => actions.actOn(act, process.id)}>
                      {title}
                    </button>
                  ))}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {done.length > 0 && (
        <details class="done">
          <summary>{t('Your changes ({0})', done.length)}</summary>
          <ul>
            {done.slice(-SHOWN * 20).map((each, index) => (
              <li key={index}>
                {moment(each.atMs)} {actionText(session, each)} <Line line={each.line} actions={actions} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
