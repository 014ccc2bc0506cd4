import { render } from 'preact';
import { HOST_EXTENSION } from 'vscode-messenger-common';
import { Messenger } from 'vscode-messenger-webview';
import {
  PanelActOn,
  PanelFinding,
  PanelFocus,
  PanelHello,
  PanelOpenLine,
  PanelReveal,
  PanelRun,
  PanelUpdate,
  panelRequest,
} from '../../server/protocol/panel';
import type { ParamsOf, RelayedName, ResultOf } from '../../server/protocol/requests';
import './panel.css';
import './pools.css';
import './stops.css';
import './waits.css';
import { PanelStore, type Saved } from './state/store';
import { setStrings } from './strings';
import { App } from './view/App';
import type { Actions } from './view/props';

const vscode = acquireVsCodeApi<Saved>();
const messenger = new Messenger(vscode);
const root = document.getElementById('root') as HTMLElement;

const asking =
  <N extends RelayedName>(name: N) =>
  (params: ParamsOf<N>): Promise<ResultOf<N>> =>
    messenger.sendRequest(panelRequest(name), HOST_EXTENSION, params);

const store = new PanelStore(
  {
    messages: asking('messages'),
    message: asking('message'),
    tasks: asking('tasks'),
    task: asking('task'),
    depthHistory: asking('depthHistory'),
    timeline: asking('timeline'),
    moment: asking('moment'),
  },
  draw,
  vscode.getState() ?? {},
);
const actions: Actions = {
  openLine: (line) => messenger.sendNotification(PanelOpenLine, HOST_EXTENSION, line),
  finding: (code, action) => messenger.sendNotification(PanelFinding, HOST_EXTENSION, { code, action }),
  reveal: (processId) =>
    store.sessionId !== null &&
    messenger.sendNotification(PanelReveal, HOST_EXTENSION, { sessionId: store.sessionId, processId }),
  actOn: (act, processId) =>
    store.sessionId !== null &&
    messenger.sendNotification(PanelActOn, HOST_EXTENSION, { act, sessionId: store.sessionId, processId }),
  run: (command) =>
    messenger.sendNotification(PanelRun, HOST_EXTENSION, {
      command,
      ...(store.sessionId !== null && { sessionId: store.sessionId }),
    }),
};

function draw(): void {
  vscode.setState(store.saved);
  render(<App store={store} actions={actions} />, root);
}

messenger.onNotification(PanelUpdate, (update) => store.update(update));
messenger.onNotification(PanelFocus, (focus) => store.focus(focus));
messenger.start();
draw();
void messenger.sendRequest(PanelHello, HOST_EXTENSION).then((result) => {
  setStrings(result.strings);
  document.documentElement.lang = result.locale;
  store.hello(result);
});
