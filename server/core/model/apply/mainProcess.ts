import type { Process } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';

/** Makes this process the main process, for which the session was started. */
export function adoptMain(model: SessionModel, process: Process): void {
  model.main = process;
  model.processes.setOrigin(process, 'main', 10);
  model.processes.setName(process, model.meta.name, 10);
  if (process.argv.length === 0) process.argv = model.meta.command;
}
