"""Plays the settings in which things run short, one after the other, and prints a table of each."""
import sys

from ledger import ANSWERED, LOST, TOLD
from scene import Scene
from settings import SETTINGS


def play(options):
    """Plays all settings. Returns the exit code."""
    chosen = [SETTINGS[name] for name in options.shortages or SETTINGS]
    scenes, failures = [], []
    for setting in chosen:
        with setting.server(options.server.split()) as server:
            scenes.append(Scene(setting, server, options.seed))
            scenes[-1].play(options.minutes * 60 * setting.share / sum(other.share for other in chosen))
        failures += scenes[-1].judge()
        print('\n'.join(scenes[-1].table()), flush=True)
    print(f'{options.minutes:g} minutes: {total(scenes, ANSWERED):,} honest requests answered, {total(scenes, *TOLD):,} told, '
          f'{total(scenes, LOST):,} lost')
    for failure in failures:
        print(f'FAILED: {failure}', file=sys.stderr)
    return 1 if failures else 0


def total(scenes, *outcomes):
    return sum(scene.ledger.total(*outcomes) for scene in scenes)
