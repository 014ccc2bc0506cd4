"""Compares the views of a run with what really happened: each module has one subject, and yields (kind, sentence) for
each mismatch."""
from compare import channels, findings, messages, pools, processes, reports, terminal


def all_subjects(run, bare, plan):
    """Every mismatch of a run under Forkscope."""
    found = list(terminal.compare(run, bare))
    if run.live is None:
        return found
    for subject in (reports, processes, channels, messages, pools, findings):
        found += subject.compare(run, plan)
    return found
