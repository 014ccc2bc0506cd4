/** What the Python extension knows, where it is installed. */
import { PVSC_EXTENSION_ID, PythonExtension } from '@vscode/python-extension';
import * as vscode from 'vscode';

async function api(): Promise<PythonExtension | undefined> {
  if (vscode.extensions.getExtension(PVSC_EXTENSION_ID) === undefined) {
    return undefined;
  }
  try {
    return await PythonExtension.api();
  } catch {
    return undefined; // It is installed, but does not start: then it is as if it were not there.
  }
}

/** The interpreter that is selected for a file or folder; undefined: none, or no Python extension. */
export async function activeInterpreter(resource: vscode.Uri | undefined): Promise<string | undefined> {
  const python = await api();
  if (python === undefined) {
    return undefined;
  }
  const selected = python.environments.getActiveEnvironmentPath(resource);
  const environment = await python.environments.resolveEnvironment(selected);
  return environment?.executable.uri?.fsPath;
}

/** All interpreters that it found so far. */
export async function knownInterpreters(): Promise<string[]> {
  const python = await api();
  return (python?.environments.known ?? []).flatMap((each) => each.executable.uri?.fsPath ?? []);
}
