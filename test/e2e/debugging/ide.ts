import type { Debugger } from '../debugger';
import type { Code } from '../harness';

/** The VS Code shared by the parts of one test file: available once their tests run. */
export type Ide = () => { readonly code: Code; readonly debug: Debugger };
