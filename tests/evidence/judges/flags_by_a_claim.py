from djudge.engine.values import Observations, RedFlag, Sign, red_flag


def flag(observations: Observations, signs: list[Sign]) -> RedFlag | None:
    said = observations.claim("models")
    return red_flag("k", guide_line=62, what="w", innocent="i", text=signs, behaviour=[said])  # refused: list-item
