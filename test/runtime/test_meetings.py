"""Connections of Listener and Client: values that both of their ends record and no other connection has."""

import json
import sys
import unittest

from support import POSIX, run_program

LINUX = sys.platform.startswith("linux")


def sockets(result):
    """Endpoint records of connections created by Listener and Client, by pid, in order."""
    return [(journal.pid, each) for journal in result.journals for each in journal.of("endpoint") if each["kind"] == "socket"]


def pairs_by(result, name):
    """Values of a field of the endpoint records, sorted."""
    return sorted(each.get(name) for _, each in sockets(result))


class Meetings(unittest.TestCase):
    CLIENTS = """
        import multiprocessing as mp, sys
        from multiprocessing.connection import Client, Listener
        family, key = sys.argv[1], sys.argv[2].encode() or None
        def talk(address, number):
            with Client(address, authkey=key) as client:
                client.send(number)
                assert client.recv() == number
        if __name__ == '__main__':
            mp.set_start_method('fork')
            with Listener(('127.0.0.1', 0) if family == 'AF_INET' else None, family, backlog=3, authkey=key) as listener:
                clients = [mp.Process(target=talk, args=(listener.address, number)) for number in range(3)]
                for each in clients:
                    each.start()
                for each in clients:
                    with listener.accept() as server:
                        server.send(server.recv())
                for each in clients:
                    each.join()
    """

    @unittest.skipUnless(POSIX, "fork")
    def test_both_ends_of_an_authenticated_connection_know_the_same_word(self):
        for family in ("AF_UNIX", "AF_INET"):
            with self.subTest(family=family):
                result = run_program(self.CLIENTS, [family, "secret"])
                self.assertEqual(result.code, 0, result.stderr)
                words = pairs_by(result, "word")
                self.assertEqual(len(set(words)), 3, words)
                self.assertEqual(words[::2], words[1::2])
                self.assertNotIn("secret", json.dumps(result.records("endpoint")))

    @unittest.skipUnless(POSIX, "fork")
    def test_the_two_addresses_of_tcp_mirror_each_other(self):
        result = run_program(self.CLIENTS, ["AF_INET", ""])
        self.assertEqual(result.code, 0, result.stderr)
        self.assertEqual({(each["local"], each["remote"]) for _, each in sockets(result)},
                         {(each["remote"], each["local"]) for _, each in sockets(result)})  # fmt: skip
        self.assertEqual(len(sockets(result)), 6)

    @unittest.skipUnless(LINUX, "the kernel says whose inode the other end has")
    def test_without_authentication_a_unix_socket_knows_the_key_of_the_other_one(self):
        result = run_program(self.CLIENTS, ["AF_UNIX", ""])
        self.assertEqual(result.code, 0, result.stderr)
        main = result.main.pid
        accepted = {each["peer"] for pid, each in sockets(result) if pid == main}
        self.assertEqual(accepted, {each["key"] for pid, each in sockets(result) if pid != main})
        self.assertEqual(len(accepted), 3)

    @unittest.skipUnless(LINUX, "the kernel says whose inode the other end has")
    def test_sockets_of_the_programs_own_know_their_other_ends_too(self):
        result = run_program("""
            import socket
            from multiprocessing.connection import Connection
            first, second = [Connection(each.detach()) for each in socket.socketpair()]
            first.send(1)
            print(second.recv())
        """)
        self.assertEqual(result.stdout, "1\n", result.stderr)
        first, second = result.records("endpoint")
        self.assertEqual((first["peer"], second["peer"]), (second["key"], first["key"]))

    @unittest.skipUnless(POSIX, "AF_UNIX")
    def test_a_server_that_authenticates_later_says_the_word_then(self):
        result = run_program("""
            from multiprocessing import managers
            if __name__ == '__main__':
                manager = managers.SyncManager()
                manager.start()
                numbers = manager.list()
                numbers.append(1)
                print(numbers)
                manager.shutdown()
        """)
        self.assertEqual(result.stdout, "[1]\n", result.stderr)
        clients = {each["word"] for _, each in sockets(result) if "word" in each}
        servers = {each["word"] for each in result.records("challenge")}
        self.assertEqual(clients & servers, clients)
        self.assertGreaterEqual(len(clients), 2)

    @unittest.skipUnless(POSIX, "AF_UNIX")
    def test_managers_of_xmlrpclib_are_muted_and_known_as_well(self):
        result = run_program("""
            from multiprocessing import managers
            class Xml(managers.BaseManager):
                pass
            Xml.register('numbers', lambda: [1, 2], exposed=('__len__',))
            if __name__ == '__main__':
                manager = Xml(serializer='xmlrpclib')
                manager.start()
                print(manager.numbers().__len__())
                manager.shutdown()
        """)
        self.assertEqual(result.stdout, "2\n", result.stderr)
        self.assertFalse([event for event in result.events("SEND") if b"CHALLENGE" in event.payload])
        self.assertTrue(result.records("challenge"))

    @unittest.skipUnless(POSIX, "AF_UNIX")
    def test_peers_with_another_key_or_without_the_protocol_are_not_ends(self):
        result = run_program("""
            import socket, threading
            from multiprocessing import AuthenticationError
            from multiprocessing.connection import Client, Listener
            listener = Listener(authkey=b'right', backlog=5)
            def clients():
                stranger = socket.socket(socket.AF_UNIX)
                stranger.connect(listener.address)
                stranger.close()
                try:
                    Client(listener.address, authkey=b'wrong')
                except AuthenticationError:
                    print('refused')
                with Client(listener.address, authkey=b'right') as client:
                    client.send('hello')
            thread = threading.Thread(target=clients)
            thread.start()
            while True:
                try:
                    with listener.accept() as server:
                        print(server.recv())
                    break
                except (AuthenticationError, EOFError, OSError):
                    pass
            thread.join()
        """)
        self.assertEqual(sorted(result.stdout.split()), ["hello", "refused"], result.stderr)
        words = pairs_by(result, "word")
        self.assertEqual(len(words), 2)
        self.assertEqual(words[0], words[1])


if __name__ == "__main__":
    unittest.main()
