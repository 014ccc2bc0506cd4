import type { JSX } from 'preact';
import { Channels } from './Channels';
import { Details } from './Details';
import { Filters } from './Filters';
import { MessageList } from './MessageList';
import type { PageProps } from './props';
import { Stops } from './Stops';

/** Queues and pipes, and every message sent through them. */
export function MessagesPage({ store, session, actions }: PageProps): JSX.Element {
  return (
    <>
      <Channels store={store} session={session} />
      <section class="messages">
        <Stops store={store} session={session} actions={actions} />
        <Filters store={store} session={session} />
        <div class={`split${store.messageId === null ? '' : ' open'}`}>
          <MessageList store={store} session={session} />
          {store.messageId !== null && <Details store={store} session={session} actions={actions} />}
        </div>
      </section>
    </>
  );
}
