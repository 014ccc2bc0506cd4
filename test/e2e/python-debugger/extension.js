// The debug type `debugpy`, with the layout (bundled/libs/debugpy) and the interface of the Python Debugger extension:
// one adapter
// process for a launch, and for each child process the port announced by debugpy.
const { join } = require('node:path');
const vscode = require('vscode');

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider('debugpy', {
      resolveDebugConfigurationWithSubstitutedVariables: (folder, given) => ({
        cwd: folder?.uri.fsPath,
        console: 'internalConsole',
        redirectOutput: true,
        justMyCode: true,
        ...given,
        env: { PYTHONIOENCODING: 'UTF-8', ...given.env },
      }),
    }),
    vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', {
      createDebugAdapterDescriptor: ({ configuration }) => {
        const { request, connect, python = 'python3' } = configuration;
        return request === 'attach' && connect !== undefined
          ? new vscode.DebugAdapterServer(connect.port, connect.host)
          : new vscode.DebugAdapterExecutable(python, [join(context.extensionPath, 'bundled/libs/debugpy/adapter')]);
      },
    }),
  );
};
