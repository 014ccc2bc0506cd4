/** What the debug type is called in package.json. */
export const DEBUG_TYPE = 'forkscope';
/** The section of the settings, and the settings that launching reads. */
export const CONFIGURATION = 'forkscope';
export const SETTING_CONSOLE = 'console';
export const SETTING_PYTHON = 'python';
