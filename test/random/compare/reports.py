"""The live report and that of the recording agree, and the model's invariants hold."""


def compare(run, plan):
    if run.live["session"]["dropped"]:
        yield "dropped", "%s events were dropped" % run.live["session"]["dropped"]
    for sentence in run.verified:
        kind = "live-vs-recording" if ": live " in sentence or " report alone" in sentence else "invariant"
        yield kind, sentence
