"""A child that runs Python code between its fork and its exec. Expected: it is `sleep`, of this session's main process, exit code 0."""

import os
import subprocess

if __name__ == "__main__":
    print(subprocess.Popen(["sleep", "0.2"], preexec_fn=os.setsid).wait())
