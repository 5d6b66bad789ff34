"""Flask-RESTX driven by marshmallow: one schema validates, serialises and documents."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn, cast

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow import resolver as default_name
from flask import Flask, Response, current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_restx import Api as RestxApi
from flask_restx import Namespace as RestxNamespace
from flask_restx.swagger import Swagger as RestxSwagger
from marshmallow import Schema, ValidationError, fields, missing, validate
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from backend import dumping
from backend.languages import language, languages
from content.errors import N_, Invalid
from content.text import in_language

View = Callable[..., Any]


class Text(fields.String):
    """A text of *least* to *most* characters; surrounding white space does not count."""

    def __init__(self, most: int, *, least: int = 0, **options: Any) -> None:
        bounds = validate.Length(
            min=least or None,
            max=most,
            error=lazy_gettext("Between {min} and {max} characters."),
        )
        bounds.min = least
        super().__init__(validate=[bounds, no_control_characters], **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        return text.strip() if isinstance(text, str) else text


def no_control_characters(text: str) -> None:
    """Refuse characters that no keyboard makes and that PostgreSQL cannot store."""
    if any(ord(c) < 32 and c not in "\n\r\t" for c in text):
        raise ValidationError(_("Has characters that cannot be stored."))


class OneOf(fields.String):
    """One of a fixed set of words, which the error lists."""

    def __init__(self, *choices: str, **options: Any) -> None:
        allowed = validate.OneOf(choices, error=lazy_gettext("Must be one of: {choices}."))
        super().__init__(validate=allowed, **options)


class KnownLanguage(validate.Validator):
    """One of the languages of the running app, which its settings name."""

    @property
    def choices(self) -> tuple[str, ...]:
        """What the documentation lists."""
        return languages()

    def __call__(self, value: str) -> str:
        if value not in self.choices:
            message = str(lazy_gettext("Must be one of: {choices}."))
            raise ValidationError(message.format(choices=", ".join(self.choices)))
        return value


class Language(fields.String):
    """The code of a language that content may be in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=KnownLanguage(), **options)


class Localized(fields.Dict):
    """A text by language code, such as {"vi": "…", "en": "…"}.

    Vietnamese is required, unless it is a *draft*, which is complete only when it is published.
    """

    def __init__(self, most: int, *, draft: bool = False, **options: Any) -> None:
        super().__init__(keys=Language(), values=Text(most), **options)
        self.draft = draft

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        texts = super()._deserialize(value, *args, **kwargs)
        if not self.draft and not texts.get("vi"):
            raise ValidationError(_("The Vietnamese text (vi) is needed."))
        return texts


class Translated(fields.String):
    """A localised text, answered in the reader's language."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return in_language(value, language())


@dumping.writes(Translated._serialize)
def _translated(_: Translated) -> dumping.Write:
    code = language()
    return lambda value: in_language(value, code)


class Point(fields.String):
    """A point in a query, written as `lat,lng`; loaded as a pair of numbers."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        lat, lng = _numbers(super()._deserialize(value, *args, **kwargs), 2)
        if not (-90 <= lat <= 90 and -180 <= lng <= 180):
            raise ValidationError(_("This is no point on earth: write lat,lng."))
        return lat, lng


class Box(fields.String):
    """A box in a query, written as `west,south,east,north`; loaded as four numbers."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        west, south, east, north = _numbers(super()._deserialize(value, *args, **kwargs), 4)
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValidationError(_("This is no box on earth: write west,south,east,north."))
        return west, south, east, north


def _numbers(text: str, count: int) -> list[float]:
    try:
        numbers = [float(piece) for piece in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise ValidationError(_("Must be %(count)s numbers, separated by commas.", count=count))
    return numbers


class Moment(fields.AwareDateTime):
    """An RFC 3339 moment with an offset; answered in the town's own time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if value is not None:
            value = value.astimezone(current_app.extensions["settings"].timezone)
            value = value.replace(microsecond=0)
        return super()._serialize(value, *args, **kwargs)


@dumping.writes(Moment._serialize)
def _in_town_time(_: Moment) -> dumping.Write:
    zone = current_app.extensions["settings"].timezone

    def put(value: Any) -> str | None:
        return None if value is None else value.astimezone(zone).isoformat(timespec="seconds")

    return put


class Location(Schema):
    """A point on earth, in WGS84 decimal degrees."""

    lat = fields.Float(
        required=True, validate=validate.Range(-90, 90, error=lazy_gettext("Between -90 and 90."))
    )
    lng = fields.Float(
        required=True,
        validate=validate.Range(-180, 180, error=lazy_gettext("Between -180 and 180.")),
    )


class Problem(Schema):
    """What every error answers (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(metadata={"description": "What is wrong, by the field's name"})
    request_id = fields.String()


def page_of(item: type[Schema]) -> Schema:
    """The schema of one page of a list of *item*."""
    shape: dict[str, fields.Field] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next_cursor": fields.String(
            required=True,
            allow_none=True,
            metadata={"description": "Give it as `cursor` for the next page", "x-nullable": True},
        ),
    }
    name = item.__name__.removesuffix("Schema")
    page: Schema = Schema.from_dict(shape, name=f"{name}PageSchema")()
    return page


class Paging(Schema):
    """The query parameters of every list."""

    limit = fields.Integer(
        load_default=20,
        validate=validate.Range(1, 100, error=lazy_gettext("Between {min} and {max}.")),
    )
    cursor = fields.String(load_default=None)


class Parser(FlaskParser):
    """Loads requests with schemas and leaves errors to the app's one handler."""

    def handle_error(self, error: ValidationError, *args: Any, **kwargs: Any) -> NoReturn:
        raise error

    def load_json(self, req: Any, schema: Schema) -> Any:
        if not req.get_data():
            return missing  # as {}: what a schema does not require need not be said
        if not req.is_json:
            raise UnsupportedMediaType
        try:
            # The standard library would take the numbers NaN and Infinity, which JSON has not.
            return orjson.loads(req.get_data())
        except orjson.JSONDecodeError as error:
            raise BadRequest(
                lazy_gettext("The body is not valid JSON: %(reason)s.", reason=str(error))
            ) from error


parser = Parser()


def name_of(schema: Any) -> str:
    """Name a definition after its schema; a partial one is a Patch."""
    name: str = default_name(schema)
    return name + ("Patch" if getattr(schema, "partial", False) else "")


class Swagger(RestxSwagger):
    """RESTX's OpenAPI 2.0 document, its definitions written by apispec."""

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        marshmallow = MarshmallowPlugin(schema_name_resolver=name_of)
        self.spec = APISpec(api.title, api.version, openapi_version="2.0", plugins=[marshmallow])
        self.converter = cast(Any, marshmallow.converter)
        self.converter.add_attribute_function(_nullable)

    def expected_params(self, doc: Mapping[str, Any]) -> Any:
        params = super().expected_params(doc)
        for location, schema in doc.get("accepts", {}).items():
            for param in self.converter.schema2parameters(
                schema, location=location, name="payload", required=True
            ):
                params[param["name"]] = param
        return params

    def register_errors(self) -> dict[str, Any]:
        return {"Problem": {"description": "A problem", "schema": self.serialize_schema(Problem())}}

    def responses_for(self, doc: Any, method: str) -> Any:
        return super().responses_for(doc, method) | {"default": {"$ref": "#/responses/Problem"}}

    def serialize_schema(self, model: Any) -> Any:
        if isinstance(model, Schema):
            return self.converter.resolve_nested_schema(model)
        return super().serialize_schema(model)

    def serialize_definitions(self) -> Any:
        return super().serialize_definitions() | self.spec.to_dict().get("definitions", {})


def _nullable(self: Any, field: fields.Field, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    if not field.allow_none:
        return {}
    # OpenAPI 2 has no null: a default of None says no more than x-nullable does.
    if "default" in ret and ret["default"] is None:
        del ret["default"]
    return {"x-nullable": True}


class Api(RestxApi):
    """An Api that documents with our Swagger and leaves errors to Flask's handlers."""

    _schema: dict[str, Any] | None

    @property
    def __schema__(self) -> Any:
        self._schema = self._schema or Swagger(self).as_dict()
        return self._schema

    def handle_error(self, error: Exception) -> NoReturn:
        raise error


class Namespace(RestxNamespace):
    """A namespace whose views accept and return marshmallow schemas."""

    def accepts(self, schema: Schema, location: str = "json") -> Callable[[View], View]:
        """Load *schema* from the request's *location* and pass the result to the view.

        Unknown fields of a body are refused with their names; unknown query parameters ignored.
        """

        def decorate(view: View) -> View:
            documented = self.doc(accepts={location: schema})
            decorated: View = documented(parser.use_args(schema, location=location)(view))
            return decorated

        return decorate

    def returns(
        self, schema: Schema, code: int = 200, description: str = "Success"
    ) -> Callable[[View], View]:
        """Dump what the view returns with *schema*.

        A view may answer another status by returning a pair (value, status).
        """

        def decorate(view: View) -> View:
            @self.response(code, description, schema)
            @wraps(view)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                answer = view(*args, **kwargs)
                if isinstance(answer, Response):
                    return answer
                value, status = answer if isinstance(answer, tuple) else (answer, code)
                return writer_of(schema)(value), status

            return wrapper

        return decorate


def writer_of(schema: Schema) -> dumping.Write:
    """What writes answers of *schema* in this request; made once for each language if it can be."""
    kept: dict[tuple[Schema, str], dumping.Write | None] = current_app.extensions["writers"]
    key = schema, language()
    if key not in kept:
        lasting = dumping.is_lasting(schema)
        kept[key] = dumping.writer(schema, many=schema.many) if lasting else None
    return kept[key] or dumping.writer(schema, many=schema.many)


def answer_json(data: Any, code: int, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response; Vietnamese is written as it is, not escaped."""
    body = b"" if data is None else orjson.dumps(data)
    response = current_app.response_class(body, status=code, mimetype="application/json")
    response.headers.extend(headers or {})
    return response


def init_app(app: Flask, namespaces: list[Namespace]) -> Api:
    """Serve *namespaces* under /api/v1, their documentation at /api/docs."""
    app.config["RESTX_MASK_SWAGGER"] = False
    app.extensions["writers"] = {}
    api = Api(
        title="Beach town",
        version="1.0",
        description="Services of a beach town for its visitors, its people and its staff.",
        prefix="/api/v1",
        doc="/api/docs",
        authorizations={
            "citizen": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Bearer` and a Firebase ID token",
            },
            "staff": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Bearer` and a personal token of a member of staff",
            },
        },
    )
    api.representations.clear()
    api.representation("application/json")(answer_json)
    api.documentation(lambda: render_template("api_docs.html"))
    for namespace in namespaces:
        api.add_namespace(namespace)
        namespace.apis.remove(api)  # else a namespace keeps every app that was ever made alive
    api.init_app(app)
    return api


def idempotency_key() -> uuid.UUID | None:
    """The request's Idempotency-Key, if it has one. Raises Invalid for what is no UUID."""
    given = request.headers.get("Idempotency-Key")
    try:
        return uuid.UUID(given) if given is not None else None
    except ValueError:
        raise Invalid({"Idempotency-Key": [N_("Not a valid UUID.")]}) from None
