/** Handlers of the requests of our own (server/protocol/dap.ts). */
import { DAP_REQUESTS, type DapArguments, type DapBody, type DapRequestName, dapName } from '../protocol/dap';
import { readArguments } from './requestArguments';

/** One for each request of the table: without it this does not compile. */
export type OwnHandlers = {
  readonly [N in DapRequestName]: (args: DapArguments<N>) => DapBody<N> | Promise<DapBody<N>>;
};

/** The same for arguments of unknown shape: they are checked first, and refused with a DapError. */
export function ownHandlers(handlers: OwnHandlers): Readonly<Record<DapRequestName, (args: unknown) => unknown>> {
  const checking = <N extends DapRequestName>(name: N): ((args: unknown) => unknown) => {
    const schema = DAP_REQUESTS[name].arguments;
    return (args) => handlers[name](readArguments<unknown>(dapName(name), schema, args) as DapArguments<N>);
  };
  const names = Object.keys(DAP_REQUESTS) as DapRequestName[];
  return Object.fromEntries(names.map((name) => [name, checking(name)])) as Record<
    DapRequestName,
    (args: unknown) => unknown
  >;
}
