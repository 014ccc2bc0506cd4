/**
 * Imported first by every program of ours, for what it does: without a listener Node answers SIGUSR1 by opening its inspector on a port of
 * the loopback address, and any local user who connects to that runs code as the user of Forkscope. The program under view may well send
 * this signal to its process group, in which our processes are.
 */
process.on('SIGUSR1', () => {});
