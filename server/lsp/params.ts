/**
 * Checks what comes in at the door: requests of the client are plain JSON of unknown shape until they went through here.
 * A checker takes the value and the name it has in the request, and returns it typed or throws an `InvalidParams`.
 */
import * as l10n from '@vscode/l10n';
import type { ControlAction, MessagesParams, OpenParams, PrepareParams, TasksParams } from '../protocol/stream';
import {
  type ChannelId,
  type MessageFilter,
  type ProcessId,
  type SessionId,
  TASK_ORDERS,
  TASK_STATES,
  type TaskFilter,
} from '../protocol/views';

/** A request that is not what the protocol says; its message is a sentence for whoever reads the log. */
export class InvalidParams extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidParams(l10n.t('{0} must be an object.', name));
  }
  return value as Fields;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') {
    throw new InvalidParams(l10n.t('{0} must be a text that is not empty.', name));
  }
  return value;
}

function whole(fields: Fields, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new InvalidParams(l10n.t('{0} must be a whole number from {1} to {2}.', name, min, max));
  }
  return value;
}

function filter(value: unknown): MessageFilter {
  const fields = fieldsOf(value, 'filter');
  const optionalText = (name: string): void => {
    if (fields[name] !== undefined && typeof fields[name] !== 'string') {
      throw new InvalidParams(l10n.t('{0} must be a text.', `filter.${name}`));
    }
  };
  optionalText('channelId');
  optionalText('processId');
  optionalText('text');
  const { library } = fields;
  if (library !== undefined && typeof library !== 'boolean') {
    throw new InvalidParams(l10n.t('{0} must be true or false.', 'filter.library'));
  }
  return fields as MessageFilter;
}

export function messagesParams(value: unknown): MessagesParams {
  const fields = fieldsOf(value, 'params');
  const { filter: wanted } = fields;
  return {
    sessionId: text(fields, 'sessionId'),
    filter: filter(wanted),
    offset: whole(fields, 'offset', -1000),
    limit: whole(fields, 'limit', 1, 1000),
  };
}

export function messageParams(value: unknown): { sessionId: SessionId; messageId: number } {
  const fields = fieldsOf(value, 'params');
  return { sessionId: text(fields, 'sessionId'), messageId: whole(fields, 'messageId', 0) };
}

function oneOf(value: unknown, name: string, all: readonly string[]): void {
  if (value !== undefined && !all.some((known) => known === value)) {
    throw new InvalidParams(l10n.t('{0} must be one of {1}.', name, all.join(', ')));
  }
}

export function tasksParams(value: unknown): TasksParams {
  const fields = fieldsOf(value, 'params');
  const wanted = fieldsOf(fields['filter'], 'filter');
  for (const name of ['poolId', 'workerId', 'function', 'text']) {
    if (wanted[name] !== undefined && typeof wanted[name] !== 'string') {
      throw new InvalidParams(l10n.t('{0} must be a text.', `filter.${name}`));
    }
  }
  oneOf(wanted['state'], 'filter.state', TASK_STATES);
  oneOf(fields['order'], 'order', TASK_ORDERS);
  const { order, descending } = fields;
  if (descending !== undefined && typeof descending !== 'boolean') {
    throw new InvalidParams(l10n.t('{0} must be true or false.', 'descending'));
  }
  return {
    sessionId: text(fields, 'sessionId'),
    filter: wanted as TaskFilter,
    ...(order !== undefined && { order: order as NonNullable<TasksParams['order']> }),
    ...(descending !== undefined && { descending }),
    offset: whole(fields, 'offset', 0),
    limit: whole(fields, 'limit', 1, 1000),
  };
}

export function taskParams(value: unknown): { sessionId: SessionId; taskId: number } {
  const fields = fieldsOf(value, 'params');
  return { sessionId: text(fields, 'sessionId'), taskId: whole(fields, 'taskId', 0) };
}

export function depthHistoryParams(value: unknown): { sessionId: SessionId; channelId: ChannelId; points: number } {
  const fields = fieldsOf(value, 'params');
  return {
    sessionId: text(fields, 'sessionId'),
    channelId: text(fields, 'channelId'),
    points: whole(fields, 'points', 1, 100_000),
  };
}

const actions: readonly ControlAction[] = ['interrupt', 'terminate', 'kill'];

export function controlParams(value: unknown): { sessionId: SessionId; processId: ProcessId; action: ControlAction } {
  const fields = fieldsOf(value, 'params');
  const { action: wanted } = fields;
  const action = actions.find((known) => known === wanted);
  if (action === undefined) {
    throw new InvalidParams(l10n.t('{0} must be one of {1}.', 'action', actions.join(', ')));
  }
  return { sessionId: text(fields, 'sessionId'), processId: text(fields, 'processId'), action };
}

export function openParams(value: unknown): OpenParams {
  return { path: text(fieldsOf(value, 'params'), 'path') };
}

export function sessionParams(value: unknown): { sessionId: SessionId } {
  return { sessionId: text(fieldsOf(value, 'params'), 'sessionId') };
}

export function saveParams(value: unknown): { sessionId: SessionId; file: string } {
  const fields = fieldsOf(value, 'params');
  return { sessionId: text(fields, 'sessionId'), file: text(fields, 'file') };
}

export function prepareParams(value: unknown): PrepareParams {
  const fields = fieldsOf(value, 'params');
  const { command, pythonPath } = fields;
  if (!Array.isArray(command) || command.length === 0 || !command.every((each) => typeof each === 'string')) {
    throw new InvalidParams(l10n.t('{0} must be a list of texts.', 'command'));
  }
  return {
    command,
    cwd: text(fields, 'cwd'),
    ...(typeof pythonPath === 'string' ? { pythonPath } : {}),
  };
}
