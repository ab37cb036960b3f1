"""Replay: stands for the library, which this copy does not hold."""

__all__ = ["completion"]


def completion(model, messages):
    return {"model": model, "messages": list(messages)}
