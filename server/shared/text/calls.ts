/** Calls as the user's code has them. */
import * as l10n from '@vscode/l10n';
import type { Call } from '../../protocol/calls';

/** "tasks.get()", "join(worker-1)", "ledger.acquire()", "results.put (pipe write)" */
export function callText({ operation, target, on }: Call): string {
  if (target === 'pool') return on === '' ? l10n.t('get() of a pool’s result') : l10n.t('get() of a result of {0}', on);
  switch (operation) {
    case 'join':
      return `join(${on})`;
    case 'waitpid':
      return target === 'children' ? 'waitpid(-1)' : `waitpid(${on})`;
    case 'queue.join':
      return method(on, 'join');
    case 'send':
      return target === 'queue' ? l10n.t('{0} (pipe write)', method(on, 'put', '')) : method(on, 'send');
    case 'recv':
      return target === 'queue' ? l10n.t('{0} (pipe read)', method(on, 'get', '')) : method(on, 'recv');
    case 'connection.wait':
      return 'connection.wait()';
    default:
      return method(on, operation);
  }
}

function method(on: string, name: string, call = '()'): string {
  return on === '' ? `${name}${call}` : `${on}.${name}${call}`;
}
