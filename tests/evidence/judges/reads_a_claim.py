from djudge.engine.values import Finding, Observations, Words, shown


def judge(observations: Observations, words: Words) -> Finding:
    said = observations.claim("statements").value  # refused: attr-defined
    return shown("growth", words, observations.saw("growth").read(lambda _: said))
