"""Train the chatbot when what it learns from has changed.

    .venv/bin/python train.py

The name of a model is a hash of everything that shapes it, so a model that exists is up to date.
`models/current.tar.gz` is the one to serve. CHATBOT_MODEL_CACHE may name a further folder where
models are looked up and kept by the same name.
"""

import hashlib
import logging
import os
import shutil
import sys
import time
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODELS = HERE / "models"
CURRENT = MODELS / "current.tar.gz"
_CODE = ("config.yml", "uv.lock", "components/**/*.py")
_CONTENT = ("data/**/*.yml", "domain/**/*.yml")


def hash_of(*patterns: str) -> str:
    """A short hash of all files here that match one of `patterns`, names and contents."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(HERE.glob(pattern)):
            digest.update(f"{file.relative_to(HERE)}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def say(line: str) -> None:
    """Show how far the work is."""
    sys.stdout.write(f"chatbot: {line}\n")
    sys.stdout.flush()


def main() -> Path:
    """Make `models/current.tar.gz` the model for the files as they are, trained if need be."""
    name = f"{hash_of(*_CODE, *_CONTENT)}.tar.gz"
    model = MODELS / name
    MODELS.mkdir(exist_ok=True)
    folder = os.environ.get("CHATBOT_MODEL_CACHE")
    kept = Path(folder) / name if folder else None
    if not model.exists() and kept is not None and kept.exists():
        say(f"taking model {name} from the cache")
        _copy(kept, model)
    if model.exists():
        say(f"model {name} is up to date")
    else:
        _train(model)
    if kept is not None and not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _copy(model, kept)
    _point_to(model)
    return CURRENT


def _train(model: Path) -> None:
    say("training, about three minutes the first time and one after that")
    began = time.monotonic()
    os.chdir(HERE)
    sys.path.insert(0, str(HERE))
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        # Rasa looks at the source of a component, not at what that imports: a cache for each code.
        RASA_CACHE_DIRECTORY=f".cache/rasa-{hash_of(*_CODE)}",
        TF_CPP_MIN_LOG_LEVEL="3",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )
    warnings.simplefilter("ignore")
    from rasa.model_training import train
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(format="chatbot: %(message)s")
    configure_structlog(logging.WARNING)  # without this, every rule is printed as it is learned
    logging.getLogger("components").setLevel(logging.INFO)
    unfinished = MODELS / f".training-{os.getpid()}"
    result = train(
        domain="domain",
        config="config.yml",
        training_files="data",
        output=str(unfinished),
        fixed_model_name=model.name.removesuffix(".tar.gz"),
    )
    if result.model is None:
        raise SystemExit("chatbot: training failed; what is wrong is said above")
    os.replace(result.model, model)
    shutil.rmtree(unfinished)
    say(f"trained {model.name} in {time.monotonic() - began:.0f} s")


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, part)
    os.replace(part, target)


def _point_to(model: Path) -> None:
    link = MODELS / ".current"
    link.unlink(missing_ok=True)
    link.symlink_to(model.name)
    os.replace(link, CURRENT)


if __name__ == "__main__":
    main()
