import { beganAt } from '../../core/model/entities/messageIndex';
import type { Process } from '../../core/model/entities/process';
import type { SessionModel } from '../../core/model/state/sessionModel';
import {
  type Arrow,
  type Bundle,
  type DepthPicture,
  MAX_ARROWS,
  MAX_BUNDLES,
  type MessagesPicture,
} from '../../protocol/timeline';
import { packDepths } from '../../shared/packed';
import { DepthChanges } from './depths';
import { endOf, type Grid } from './grid';

/** Messages that one answer looks at singly; beyond that its arrows come from sums. */
const LOOK_AT_MOST = 100_000;
/** Width of a bin of bundles, in columns. */
const BIN_COLUMNS = 48;

interface MessagesInSight {
  readonly messages: MessagesPicture;
  readonly depths: readonly DepthPicture[];
}

interface Sight {
  readonly processes: ReadonlySet<Process>;
  readonly channels: readonly string[];
  /** Messages of pools and managers too. */
  readonly library: boolean;
}

/** The messages of a window between lanes in sight, and the depths of channels in sight. */
export function messagesInSight(
  model: SessionModel,
  grid: Grid,
  { processes: shown, channels, library }: Sight,
): MessagesInSight {
  const arrows: Arrow[] = [];
  const depths = new Map(channels.map((id) => [id, new DepthChanges(grid)]));
  const ms = (at: number): number => (at - model.origin) / 1e6;
  let inSight = 0;
  const exact = model.messages.under(grid.from, endOf(grid), LOOK_AT_MOST, (id) => {
    const entry = model.messages.entry(id);
    const channel = entry === null ? undefined : model.channels.all[entry.channel];
    if (entry === null || channel === undefined) return;
    const began = beganAt(entry);
    const received = entry.receivedAt < 0 ? null : entry.receivedAt;
    if (began > endOf(grid) || (received !== null && received < grid.from)) return;
    depths.get(channel.id)?.message(began, received);
    if (!library && channel.owner === 'library') return;
    const sender = processOf(model, entry.sendImage);
    const receiver = processOf(model, entry.recvImage);
    if (!((sender !== null && shown.has(sender)) || (receiver !== null && shown.has(receiver)))) return;
    if (++inSight > MAX_ARROWS) return;
    arrows.push({
      messageId: id,
      channelId: channel.id,
      from: sender?.id ?? null,
      to: receiver?.id ?? null,
      sentMs: ms(began),
      receivedMs: received === null ? null : ms(received),
    });
  });
  return {
    messages:
      exact && inSight <= MAX_ARROWS ? { arrows, bundles: [], leftOut: 0 } : bundles(model, grid, shown, library),
    depths: channels.flatMap((id) => {
      const channel = model.channels.all.find((each) => each.id === id);
      if (channel === undefined) return [];
      const changes = exact ? depths.get(id) : undefined;
      const { before, columns } =
        changes === undefined ? channel.history.columns(grid) : { before: changes.before, columns: changes.columns() };
      return [{ channelId: id, before, columns: packDepths(columns), most: channel.depthMost }];
    }),
  };
}

function bundles(model: SessionModel, grid: Grid, shown: ReadonlySet<Process>, library: boolean): MessagesPicture {
  const width = grid.width * BIN_COLUMNS;
  const window = { from: grid.from, width, count: Math.ceil(grid.count / BIN_COLUMNS) };
  const isShown = (image: number): boolean => {
    const process = processOf(model, image);
    return process !== null && shown.has(process);
  };
  const isAsked = (channel: number): boolean => library || model.channels.all[channel]?.owner === 'user';
  const { bins, leftOut } = model.messages.pairs.bins(window, MAX_BUNDLES, isAsked, isShown);
  const found = bins.flatMap(({ channel, from, to, bin, count }): Bundle[] => {
    const [sender, receiver, over] = [processOf(model, from), processOf(model, to), model.channels.all[channel]];
    if (sender === null || receiver === null || over === undefined) return [];
    const left = (grid.from + bin * width - model.origin) / 1e6;
    return [{ channelId: over.id, from: sender.id, to: receiver.id, fromMs: left, toMs: left + width / 1e6, count }];
  });
  return { arrows: [], bundles: found, leftOut };
}

/** null: its journal number is not known. */
function processOf(model: SessionModel, image: number): Process | null {
  return image < 0 ? null : (model.processes.images[image]?.process ?? null);
}
