import type { Image, Process } from '../../core/model/entities/process';
import type { SessionModel } from '../../core/model/state/sessionModel';

/** The programs that each process has been, in order. One pass over all images, for an answer about many processes. */
export function imagesByProcess(model: SessionModel): ReadonlyMap<Process, readonly Image[]> {
  const found = new Map<Process, Image[]>();
  for (const image of model.processes.images) {
    const known = found.get(image.process);
    if (known === undefined) found.set(image.process, [image]);
    else known.push(image);
  }
  return found;
}
