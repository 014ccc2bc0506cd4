import type { Debugger } from '../debugger';
import type { Code } from '../harness';

/** The VS Code that the parts of one test file share: it is there once their tests run. */
export type Ide = () => { readonly code: Code; readonly debug: Debugger };
