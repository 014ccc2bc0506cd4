/** The API that VS Code provides to a webview. */
declare function acquireVsCodeApi<S>(): {
  postMessage(message: unknown): void;
  getState(): S | undefined;
  setState(state: S): S;
};
declare module '*.css';
