"""Measures start: imports the standard library modules that a larger program begins with."""

import argparse, asyncio, collections, concurrent.futures, csv, ctypes, dataclasses, datetime, decimal, email.mime.text  # noqa: E401, F401
import http.client, json, logging.config, multiprocessing.pool, pathlib, random, sqlite3, ssl, subprocess, tempfile  # noqa: E401, F401
import unittest, urllib.request, xml.etree.ElementTree, zipfile  # noqa: E401, F401
