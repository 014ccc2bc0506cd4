/** Sends a language server one of the project's own requests. */
import { methodOf, type ParamsOf, type RequestName, type ResultOf } from '../../server/protocol/requests';

interface Asking {
  sendRequest(method: string, ...params: unknown[]): Promise<unknown>;
}

/** @param params absent if the request takes none */
export function ask<N extends RequestName>(client: Asking, name: N, ...params: ParamsOf<N>[]): Promise<ResultOf<N>> {
  return client.sendRequest(methodOf(name), ...params) as Promise<ResultOf<N>>;
}
