/** What the editor draws at the end of rows: the mark of rows with findings, less emphasis for helpers. */
import * as vscode from 'vscode';
import { findingsText } from './findings';
import { DIM_SCHEME, MARK_SCHEME } from './liveTree';

const COLORS: Readonly<Record<string, string>> = {
  error: 'list.errorForeground',
  warning: 'list.warningForeground',
  info: 'charts.blue',
};

export const decorations: vscode.FileDecorationProvider = {
  provideFileDecoration(uri) {
    if (uri.scheme === DIM_SCHEME) {
      return { color: new vscode.ThemeColor('disabledForeground') };
    }
    if (uri.scheme !== MARK_SCHEME) {
      return undefined;
    }
    const [severity = '', number = '1'] = uri.query.split(' ');
    const many = Number(number);
    // A badge has room for two characters.
    const badge = many === 1 ? '!' : many < 100 ? number : '!!';
    return { badge, color: new vscode.ThemeColor(COLORS[severity] ?? 'foreground'), tooltip: findingsText(many) };
  },
};
