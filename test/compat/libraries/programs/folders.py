"""kombu's broker of folders, with messages that appear complete: celery's programs use it.

kombu creates a message's file in the queue's folder, then serializes the message, and only then writes it. A worker that
looks into the folder meanwhile takes the empty file, fails to decode it and deletes it: the message is lost, and whoever
waits for its result waits forever. A busy machine makes it likely, with and without Forkscope.
"""

import os
import tempfile

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        destination = self.data_folder_out
        with tempfile.TemporaryDirectory(dir=os.curdir) as unseen:
            self.data_folder_out = unseen
            try:
                super()._put(queue, payload, **kwargs)
            finally:
                self.data_folder_out = destination
            for name in os.listdir(unseen):
                os.rename(os.path.join(unseen, name), os.path.join(destination, name))


class Transport(filesystem.Transport):
    Channel = Channel
