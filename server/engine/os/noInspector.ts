/**
 * Imported first by every Forkscope program, for its side effect: without a listener Node reacts to SIGUSR1 by opening
 * its inspector on a port of the loopback address, and any local user who connects to it runs code as Forkscope's user.
 * The user's program may well send this signal to its process group, which contains our processes.
 */
process.on('SIGUSR1', () => {});
