/**
 * Invariants of every model, live or recorded, whatever the program did. The tests, the fuzzer and `forkscope report --verify` check them. A
 * violation is a bug in Forkscope, or the journals were not written by its runtime.
 */
import type { Channel } from '../entities/channel';
import type { Pool } from '../entities/pool';
import type { Process } from '../entities/process';
import { CANCELLED, DONE, FAILED, RUNNING, WAITING } from '../entities/taskIndex';
import type { SessionModel } from '../state/sessionModel';
import { channelStatus } from './channels';
import { poolStatus } from './pools';
import { processStatus } from './processes';

/** Maximum number of violations reported. */
const MOST = 100;

/** Collects sentences up to a limit. */
class Violations {
  readonly sentences: string[] = [];

  /** @param subject names the violating entity; called only on a violation */
  expect(holds: boolean, subject: () => string): void {
    if (!holds && this.sentences.length < MOST) this.sentences.push(subject());
  }
}

/**
 * Violations inside the model, one sentence each; empty if there are none.
 * @param hostile whether the journals may lie: then only invariants that hold for any input are checked
 */
export function violations(model: SessionModel, hostile = false): string[] {
  const found = new Violations();
  for (const process of model.processes.all) checkProcess(process, model, found);
  if (!hostile) for (const process of model.processes.all) checkStart(process, model, found);
  const ids = new Set(model.processes.all.map((each) => each.id));
  found.expect(ids.size === model.processes.all.length, () => 'Two processes have the same id.');
  const ended = model.exitCode !== null && model.exitSignal !== null;
  found.expect(!ended, () => `The session ended with code ${model.exitCode} and by ${model.exitSignal} at once.`);
  for (const channel of model.channels.all) checkChannel(channel, found);
  checkMessages(model, found);
  if (!hostile) for (const pool of model.pools.declared) checkPool(model, pool, found);
  return found.sentences;
}

function checkProcess(process: Process, model: SessionModel, found: Violations): void {
  const who = `${process.name || 'A process'} (${process.id})`;
  const { state, exitCode, signal } = processStatus(model, process);
  const { startedAt, endedAt, ended } = process;
  found.expect(exitCode === null || signal === null, () => `${who} has exit code ${exitCode} and signal ${signal}.`);
  found.expect((state === 'killed') === (signal !== null), () => `${who} is ${state}, and its signal is ${signal}.`);
  found.expect(state === 'exited' || exitCode === null, () => `${who} is ${state} with exit code ${exitCode}.`);
  found.expect(!ended || endedAt >= 0, () => `${who} is ${state}, and nothing says when.`);
  found.expect(endedAt < 0 || endedAt >= startedAt, () => `${who} ended before it started.`);
}

function checkStart(process: Process, model: SessionModel, found: Violations): void {
  const who = `${process.name || 'A process'} (${process.id})`;
  const { startedAt } = process;
  found.expect(startedAt >= model.origin, () => `${who} started before the session.`);
  const { parent } = process;
  found.expect(parent === null || parent.startedAt <= startedAt, () => `${who} started before its parent.`);
}

function checkChannel(channel: Channel, found: Violations): void {
  const what = `${channel.name || 'A channel'} (${channel.id})`;
  const status = channelStatus(channel, null);
  const { depth, depthFeeder, depthPipe, depthMax, puts, gets, sends, receives, bytesSent, bytesReceived } = status;
  const counts = { depth, depthFeeder, depthPipe, depthMax, puts, gets, sends, receives, bytesSent, bytesReceived };
  for (const [name, count] of Object.entries({ ...counts, ...status.outcomes }))
    found.expect(Number.isInteger(count) && count >= 0, () => `${what} has ${name} ${count}.`);
  found.expect(depth <= depthMax, () => `${what} has depth ${depth}, and was never deeper than ${depthMax}.`);
  const { capacity, isQueue } = channel;
  const fits = !isQueue || capacity <= 0 || depthMax <= capacity;
  found.expect(fits, () => `${what} was ${depthMax} deep, and holds ${capacity}.`);
  found.expect(gets <= receives, () => `${what} has ${gets} gets of ${receives} receives.`);
  for (const field of ['sends', 'receives'] as const) {
    const sum = status.endpoints.reduce((total, each) => total + each[field], 0);
    found.expect(sum === status[field], () => `${what} has ${status[field]} ${field}, and its ends have ${sum}.`);
  }
}

function checkMessages(model: SessionModel, found: Violations): void {
  const { messages, channels } = model;
  const listed = new Map<number, number>();
  let matched = 0;
  let unsent = 0;
  messages.scan(0, messages.count, (_id, channel, sender, receiver) => {
    if (sender < 0) unsent++;
    else listed.set(channel, (listed.get(channel) ?? 0) + 1);
    if (receiver >= 0 && sender >= 0) matched++;
  });
  found.expect(matched === model.matched, () => `${matched} messages have both ends, and ${model.matched} matched.`);
  const receives = channels.all.reduce((sum, each) => sum + each.receives, 0) - model.lostReceives - model.matched;
  found.expect(unsent === receives, () => `${unsent} messages have no sender, and ${receives} receives no send.`);
  for (const channel of channels.all) {
    const sends = channel.sends - channel.directions.reduce((sum, each) => sum + each.unlisted, 0);
    const count = listed.get(channel.number) ?? 0;
    found.expect(count === sends, () => `${channel.id} lists ${count} messages of ${sends} sends.`);
  }
}

function checkPool(model: SessionModel, pool: Pool, found: Violations): void {
  const what = `${pool.name || 'A pool'} (${pool.id})`;
  const { submitted, started, completed, failed, cancelled, lost, pending, running } = poolStatus(pool);
  const ended = { completed, failed, cancelled, lost };
  for (const [name, count] of Object.entries({ submitted, started, ...ended, pending, running }))
    found.expect(Number.isInteger(count) && count >= 0, () => `${what} has ${name} ${count}.`);
  const sum = completed + failed + cancelled + lost + pending + running;
  const adds = sum === submitted || sum - pending > submitted || model.dropped > 0;
  found.expect(adds, () => `${what} was given ${submitted} tasks, and ${sum} are accounted for.`);
  const over = pool.state === 'terminated' || pool.state === 'broken' || pool.process?.ended === true;
  found.expect(!over || pending === 0, () => `${what} is over, and ${pending} of its tasks wait.`);
  const states = [0, 0, 0, 0, 0];
  model.tasks.scan(0, model.tasks.count, (_id, of, state) => {
    if (of === pool.number) states[state] = (states[state] as number) + 1;
  });
  const [waiting, runs, done, broke] = [WAITING, RUNNING, DONE, FAILED].map((each) => states[each] as number);
  // Tasks that were dropped with their pool are not recorded one by one.
  found.expect((states[CANCELLED] as number) <= cancelled, () => `${what} has ${states[CANCELLED]} cancelled tasks.`);
  const said = `${waiting} wait, ${runs} run, ${done} are done, ${broke} failed`;
  found.expect(done === completed || model.dropped > 0, () => `${what} completed ${completed}; of its tasks ${said}.`);
  found.expect(broke === failed || model.dropped > 0, () => `${what} failed ${failed}; of its tasks ${said}.`);
}
