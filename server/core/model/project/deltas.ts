import type { SessionDelta } from '../../../protocol/stream';
import type { PoolStatus } from '../../../protocol/views';
import type { Pool } from '../entities/pool';
import type { SessionModel } from '../state/sessionModel';
import { channelMeta, channelStatus } from './channels';
import { interventionViews } from './interventions';
import { poolActivity } from './poolActivity';
import { poolMeta, poolStatus } from './pools';
import { processMeta, processStatus } from './processes';
import { sessionStatus } from './session';

/** A task's arguments as short text; '' if no payload is known. */
export type DescribeArguments = (task: number) => string;

/** The stream of views of one state: first everything, then changes. Only this class clears the state's change tracker. */
export class Deltas {
  private metaSent = false;
  private lastStatus = '';

  /** @param describeArguments reads payloads, which the model does not have */
  constructor(
    private readonly model: SessionModel,
    private readonly describeArguments: DescribeArguments = () => '',
  ) {}

  /** Changes since the last call; null if there are none. @param durationMs since the session began */
  take(durationMs: number): SessionDelta | null {
    const { changes, meta } = this.model;
    const status = sessionStatus(this.model, durationMs);
    const { durationMs: _, ...rest } = status;
    const statusKey = JSON.stringify(rest);
    if (statusKey === this.lastStatus && !changes.any && this.metaSent) return null;
    this.lastStatus = statusKey;
    const delta: SessionDelta = {
      id: meta.id,
      full: false,
      status,
      ...(this.metaSent ? {} : { meta }),
      ...this.changedProcesses(),
      ...this.changedChannels(durationMs),
      ...this.changedPools(durationMs),
      ...(changes.interventions && { developer: interventionViews(this.model) }),
    };
    this.metaSent = true;
    this.clear(durationMs);
    return delta;
  }

  /** Everything. The next result of `take` does not change. @param durationMs since the session began */
  full(durationMs: number): SessionDelta {
    const { model } = this;
    const { declared } = model.pools;
    return {
      id: model.meta.id,
      full: true,
      meta: model.meta,
      status: sessionStatus(model, durationMs),
      processes: model.processes.all.map((each) => processMeta(model, each)),
      processStatus: model.processes.all.map((each) => processStatus(model, each)),
      channels: model.channels.all.map((each) => channelMeta(model, each)),
      channelStatus: model.channels.all.map((each) => channelStatus(each, this.rateMoment(durationMs))),
      pools: declared.map((each) => poolMeta(model, each)),
      poolStatus: declared.map((each) => this.poolStatus(each, durationMs)),
      developer: interventionViews(model),
    };
  }

  private changedProcesses(): Pick<SessionDelta, 'processes' | 'processStatus'> {
    const { ofMeta, ofStatus } = this.model.changes.processes;
    return {
      ...(ofMeta.length > 0 && { processes: ofMeta.map((each) => processMeta(this.model, each)) }),
      ...(ofStatus.length > 0 && { processStatus: ofStatus.map((each) => processStatus(this.model, each)) }),
    };
  }
  private changedChannels(durationMs: number): Pick<SessionDelta, 'channels' | 'channelStatus'> {
    const { ofMeta, ofStatus } = this.model.changes.channels;
    // Not the time of the last event: rates also decay while nothing happens.
    const now = this.rateMoment(durationMs);
    return {
      ...(ofMeta.length > 0 && { channels: ofMeta.map((each) => channelMeta(this.model, each)) }),
      ...(ofStatus.length > 0 && { channelStatus: ofStatus.map((each) => channelStatus(each, now)) }),
    };
  }
  private changedPools(durationMs: number): Pick<SessionDelta, 'pools' | 'poolStatus'> {
    const { ofMeta, ofStatus } = this.model.changes.pools;
    const declared = (each: Pool) => each.declared;
    return {
      ...(ofMeta.length > 0 && { pools: ofMeta.filter(declared).map((each) => poolMeta(this.model, each)) }),
      ...(ofStatus.length > 0 && {
        poolStatus: ofStatus.filter(declared).map((each) => this.poolStatus(each, durationMs)),
      }),
    };
  }
  private poolStatus(pool: Pool, durationMs: number): PoolStatus {
    const activity = poolActivity(this.model, pool, this.momentOf(durationMs), this.describeArguments);
    return { ...poolStatus(pool), activity };
  }

  /** Rates decay without events, so everything with a rate is published again next time. */
  private clear(durationMs: number): void {
    const { changes } = this.model;
    const now = this.rateMoment(durationMs);
    const channels = changes.channels.ofStatus.filter((each) => each.rate.perSecond(now) > 0);
    const pools = changes.pools.ofStatus.filter((each) => each.rate.perSecond(now) > 0);
    changes.clear();
    for (const each of channels) changes.channels.status(each);
    for (const each of pools) changes.pools.status(each);
  }

  /** Monotonic ns. @param durationMs since the session began */
  private momentOf(durationMs: number): number {
    return Math.max(this.model.now, this.model.origin + durationMs * 1e6);
  }
  /** The moment for rates, monotonic ns. Null: the session has ended, so there are no rates. */
  private rateMoment(durationMs: number): number | null {
    return this.model.state === 'ended' ? null : this.momentOf(durationMs);
  }
}
