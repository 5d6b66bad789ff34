"""What holds for every address: problems, ids, headers, limits, documentation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV2SpecValidator
from sqlalchemy.orm import Session

from notifications import outbox
from tests.conftest import TurnableClock


@pytest.fixture
def limited(make_app: Callable[..., Flask]) -> FlaskClient:
    """A guest of an app that counts calls."""
    return make_app(ratelimit_enabled=True).test_client()


def test_an_unknown_address_answers_a_problem_in_the_readers_language(client: FlaskClient) -> None:
    vietnamese = client.get("/api/v1/nowhere")
    english = client.get("/api/v1/nowhere?lang=en")
    assert vietnamese.status_code == english.status_code == 404
    assert vietnamese.content_type == "application/problem+json"
    assert english.json["title"] == "Not found"
    assert vietnamese.json["title"] == "Không tìm thấy"


def test_a_wrong_method_says_which_are_allowed(client: FlaskClient) -> None:
    answer = client.delete("/healthz")
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


def test_every_answer_carries_a_request_id_and_keeps_the_callers(client: FlaskClient) -> None:
    assert client.get("/healthz").headers["X-Request-ID"]
    kept = client.get("/healthz", headers={"X-Request-ID": "app-12345678"})
    assert kept.headers["X-Request-ID"] == "app-12345678"
    forged = client.get("/healthz", headers={"X-Request-ID": "a b"})
    assert forged.headers["X-Request-ID"] != "a b"


def test_answers_may_not_be_framed_sniffed_or_scripted_from_elsewhere(client: FlaskClient) -> None:
    headers = client.get("/healthz").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"].split("style-src")[0]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_public_read_is_answered_304_to_one_who_has_it(client: FlaskClient) -> None:
    first = client.get("/api/v1/swagger.json")
    again = client.get("/api/v1/swagger.json", headers={"If-None-Match": first.headers["ETag"]})
    assert first.status_code == 200
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_public_read_is_compressed_and_still_answered_304(
    client: FlaskClient, encoding: str
) -> None:
    wishes = {"Accept-Encoding": encoding}
    first = client.get("/api/v1/swagger.json", headers=wishes)
    again = client.get(
        "/api/v1/swagger.json", headers=wishes | {"If-None-Match": first.headers["ETag"]}
    )
    assert first.headers["Content-Encoding"] == encoding
    assert again.status_code == 304


def test_a_private_answer_is_never_kept(client: FlaskClient) -> None:
    assert client.get("/api/v1/me").headers["Cache-Control"] == "no-store"


def test_a_caller_is_told_the_limit_and_refused_beyond_it(limited: FlaskClient) -> None:
    first = limited.get("/healthz")
    assert first.headers["RateLimit-Limit"] == "600"
    assert 0 < int(first.headers["RateLimit-Reset"]) <= 61
    answers = [limited.get("/healthz") for _ in range(600)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.content_type == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    elsewhere = limited.get("/healthz", environ_base={"REMOTE_ADDR": "10.1.2.3"})
    assert elsewhere.status_code == 200


def test_the_openapi_document_is_valid_and_names_every_address(
    app: Flask, client: FlaskClient
) -> None:
    document = client.get("/api/v1/swagger.json").json
    OpenAPIV2SpecValidator(document).validate()
    served = {
        str(rule).removeprefix("/api/v1")
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/api/v1/") and rule.endpoint not in ("specs", "root")
    }
    documented = set(document["paths"])
    assert {_as_template(address) for address in served} == documented
    for path in document["paths"].values():
        for method, operation in path.items():
            assert method == "parameters" or operation["summary"], operation


def _as_template(address: str) -> str:
    pieces = (
        "{" + piece.strip("<>").split(":")[-1] + "}" if piece.startswith("<") else piece
        for piece in address.split("/")
    )
    return "/".join(pieces)


def test_metrics_count_requests_by_route_and_tell_how_long_the_queue_is(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    outbox.enqueue(session, "tests", {}, now=clock())
    session.commit()
    client.get("/api/v1/reports/CL-AAAA-AA")
    text = client.get("/metrics").text
    assert 'http_requests_total{method="GET",route="/api/v1/reports/<code>",status="404"}' in text
    assert 'outbox_jobs{state="queued"} 1.0' in text
    assert "CL-AAAA-AA" not in text
