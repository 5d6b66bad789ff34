"""What a trained model makes of sentences: the same for the model that serves and the one beside it."""

import asyncio
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOM = HERE.parent
DEFAULT_CONFIG = HERE / "default_pipeline.yml"


def quiet() -> None:
    """Spare the reader what TensorFlow and SQLAlchemy say at every import."""
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        RASA_CACHE_DIRECTORY=str(ROOM / ".cache" / "rasa-evaluation"),
        TF_CPP_MIN_LOG_LEVEL="3",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )
    warnings.simplefilter("ignore")


def parse(model: Path, texts: Iterable[str]) -> list[dict[str, Any]]:
    """Rasa's reading of each of `texts` by the model in the file `model`: intent, ranking, entities."""
    quiet()
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    async def all_of_them() -> list[dict[str, Any]]:
        return [dict(await agent.parse_message(text)) for text in texts]

    return asyncio.run(all_of_them())


def train_default(output: Path) -> Path:
    """Train Rasa's default pipeline on the sentences that our own is trained on."""
    quiet()
    from rasa.model_training import train_nlu

    made = train_nlu(
        config=str(DEFAULT_CONFIG),
        nlu_data=str(ROOM / "data" / "nlu"),
        output=str(output),
        fixed_model_name="default-pipeline",
    )
    if made is None:
        raise RuntimeError("Rasa's default pipeline could not be trained")
    return Path(made)
