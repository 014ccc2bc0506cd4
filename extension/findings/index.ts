/** Tells of findings when they are raised, and registers the commands about them. */

import * as vscode from 'vscode';
import type { FindingCode, SessionId } from '../../server/protocol/views';
import type { SessionView } from '../../server/shared/sessionView';
import { findingText } from '../../server/shared/text/findings';
import { type FindingTarget, type Node, onDidChangeSetting, registerCommand, setting } from '../ids';
import type { SessionStore } from '../state/sessionStore';
import { findingsOf } from '../views/findings';
import { chooseMuted, isCode, mute, mutedCodes, onDidChangeMuted } from './muting';
import { type Notice, Notifier, type NotifyAbout } from './notifier';
import { openPage } from './pages';

interface FindingServices {
  readonly extension: vscode.Uri;
  readonly store: SessionStore;
  readonly client: { muteFindings(codes: readonly FindingCode[]): void };
  readonly panel: {
    show(
      focus: { sessionId: SessionId; page: 'findings'; findingId?: string },
      options: { preserveFocus: boolean },
    ): unknown;
  };
}

export function registerFindings(services: FindingServices): vscode.Disposable[] {
  const { store, panel } = services;
  const notifier = new Notifier();
  const show = (sessionId: SessionId, findingId?: string): void => {
    panel.show(
      { sessionId, page: 'findings', ...(findingId === undefined ? {} : { findingId }) },
      { preserveFocus: false },
    );
  };
  const notify = async ({ sessionId, finding, others }: Notice): Promise<void> => {
    const tell = finding.severity === 'error' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
    const showIt = vscode.l10n.t('Show');
    const muteIt = vscode.l10n.t('Don\'t Show "{0}" Again', finding.code);
    const explain = vscode.l10n.t('Explain');
    const { message } = findingText(finding);
    const text = others === 0 ? message : vscode.l10n.t('{0} (and {1} more)', message, others);
    const choice = await tell(text, showIt, explain, muteIt);
    if (choice === showIt) {
      show(sessionId, finding.id);
    } else if (choice === muteIt) {
      await mute(finding.code);
    } else if (choice === explain) {
      await openPage(services.extension, finding.code);
    }
  };
  const look = (): void => {
    for (const notice of notifier.take(store.sessions.values(), setting('findings.notify') as NotifyAbout)) {
      void notify(notice);
    }
  };
  return [
    new vscode.Disposable(
      store.onDidChange(({ closed }) => {
        notifier.forget(closed);
        look();
      }),
    ),
    onDidChangeSetting('findings.notify', look),
    onDidChangeMuted(() => services.client.muteFindings(mutedCodes())),
    registerCommand('forkscope.showFinding', async (target) => {
      const found = target ?? (await pickFinding(store));
      if (found !== undefined) {
        show(found.sessionId, found.findingId);
      }
    }),
    registerCommand('forkscope.muteFinding', async (given) => {
      const code = isCode(given) ? given : await codeOf(store, given);
      if (code === 'choose') {
        await chooseMuted();
      } else if (code !== undefined) {
        await mute(code);
      }
    }),
    registerCommand('forkscope.explainFinding', async (given) => {
      const code = isCode(given) ? given : await codeOf(store, given);
      if (isCode(code)) {
        await openPage(services.extension, code);
      } else if (code === 'choose') {
        const found = await pickFinding(store);
        if (found !== undefined) {
          await openPage(services.extension, found.code);
        }
      }
    }),
  ];
}

/** The code that a row's findings have; asks where there are several. 'choose': no row was given. */
async function codeOf(
  store: SessionStore,
  node: Node | FindingCode | undefined,
): Promise<FindingCode | 'choose' | undefined> {
  if (typeof node !== 'object') {
    return 'choose';
  }
  const session = store.session(node.sessionId);
  const codes = [...new Set(session === undefined ? [] : findingsOf(session, node).map((each) => each.code))];
  if (codes.length < 2) {
    return codes[0];
  }
  const choice = await vscode.window.showQuickPick(codes, { title: vscode.l10n.t('Which finding?') });
  return isCode(choice) ? choice : undefined;
}

/** The only finding there is, or the one that the user chooses. */
async function pickFinding(store: SessionStore): Promise<(FindingTarget & { code: FindingCode }) | undefined> {
  const choices = [...store.sessions.values()].flatMap((session: SessionView) =>
    session.findings.map((each) => ({
      label: findingText(each).message,
      description: each.code,
      detail: session.meta?.name ?? session.id,
      target: { sessionId: session.id, findingId: each.id, code: each.code },
    })),
  );
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No problems found.'));
    return undefined;
  }
  const [only] = choices;
  const chosen =
    choices.length === 1
      ? only
      : await vscode.window.showQuickPick(choices, {
          title: vscode.l10n.t('Show Finding'),
          matchOnDescription: true,
        });
  return chosen?.target;
}
