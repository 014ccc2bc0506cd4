// Replaces the compiled logger of VS Code's server: appends lines to the same files, so that output channels have
// content.

const fs = require('node:fs');
const path = require('node:path');
const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  constructor(name, file) {
    this.name = name;
    this.file = file;
    this.level = 2;
    this.plain = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, '');
    LEVELS.forEach((level, number) => {
      this[level === 'warning' ? 'warn' : level] = (text) => this.write(number, text);
    });
  }
  write(number, text) {
    if (number < this.level || this.file === null) return;
    const stamp = new Date().toISOString().slice(0, -1).replace('T', ' ');
    try {
      fs.appendFileSync(this.file, this.plain ? text : `${stamp} [${LEVELS[number]}] ${text}\n`);
    } catch {
      // a log that cannot be written is not a reason to fail
    }
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  clearFormatters() {
    this.plain = true;
  }
  setPattern() {}
  flush() {}
  drop() {
    this.file = null;
  }
}
const create = async (name, file) => new Logger(name, file);
module.exports = {
  version: 11700,
  setLevel() {},
  setFlushOn() {},
  Logger,
  createRotatingLogger: create,
  createAsyncRotatingLogger: create,
};
