/** Arguments of requests: a client's mistake gets an error that names it. */
import * as v from 'valibot';
import { check, object, type Schema } from '../protocol/check';
import { badArguments } from './errors';

const number = v.number();
const text = v.string();
const list = v.array(v.unknown());
const thread = v.object({ threadId: number });

/** What a request of the protocol cannot do without. The arguments of launch and attach are checked by those who read them. */
const REQUIRED: Readonly<Record<string, Schema>> = {
  setBreakpoints: v.object({ source: object() }),
  setFunctionBreakpoints: v.object({ breakpoints: list }),
  setExceptionBreakpoints: v.object({ filters: list }),
  continue: thread,
  next: thread,
  stepIn: thread,
  stepOut: thread,
  pause: thread,
  stackTrace: thread,
  exceptionInfo: thread,
  scopes: v.object({ frameId: number }),
  variables: v.object({ variablesReference: number }),
  setVariable: v.object({ variablesReference: number, name: text, value: text }),
  setExpression: v.object({ expression: text, value: text }),
  stepInTargets: v.object({ frameId: number }),
  gotoTargets: v.object({ source: object(), line: number }),
  goto: v.object({ threadId: number, targetId: number }),
  source: v.object({ sourceReference: number }),
  evaluate: v.object({ expression: text }),
  completions: v.object({ text, column: number }),
};

/** Throws a DapError where something that the request needs is missing or of another type. */
export function checkArguments(command: string, args: unknown): void {
  const required = Object.hasOwn(REQUIRED, command) ? REQUIRED[command] : undefined;
  if (required !== undefined) readArguments(command, required, args);
}

/** The arguments as the schema has them. @throws DapError that names the field which does not fit */
export function readArguments<T>(command: string, schema: Schema<T>, args: unknown): T {
  const found = check(schema, v.is(object(), args) ? args : {}, '');
  if (!found.ok) throw badArguments(command, found.place);
  return found.value;
}
