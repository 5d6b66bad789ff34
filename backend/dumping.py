"""What marshmallow's `Schema.dump` answers, several times faster.

A schema is bound once for an answer: what holds for the whole answer, such as its language, is
looked up once, and known fields are written without marshmallow. A field is known by its very
`_serialize`, so one that overrides it, or anything else, is left to marshmallow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from marshmallow import Schema, fields, missing
from marshmallow.decorators import POST_DUMP, PRE_DUMP
from marshmallow.utils import ensure_text_type

from content.store import Base

Write = Callable[[Any], Any]

WRITERS: dict[Any, Callable[[Any], Write]] = {}
"""How the values of a field are written, by its `_serialize`."""


def writes(serialize: Any) -> Callable[[Callable[[Any], Write]], Any]:
    """Register what makes the writer for fields with this very `_serialize`.

    It is called with the field, once for an answer, in the request that is answered.
    """

    def register(make: Callable[[Any], Write]) -> Any:
        WRITERS[serialize] = make
        return make

    return register


READERS: dict[Any, Callable[[Any], Callable[[Any], Any]]] = {}
"""How a field finds its value in an object, by its `get_value`."""

OF_THE_MOMENT: set[Any] = set()
"""Those of READERS that hold for one answer alone, and not for others in the same language."""


def reads(
    get_value: Any, *, of_the_moment: bool = False
) -> Callable[[Callable[[Any], Callable[[Any], Any]]], Any]:
    """Register what makes the reader for fields with this very `get_value`, as `writes` does."""

    def register(make: Callable[[Any], Callable[[Any], Any]]) -> Any:
        READERS[get_value] = make
        if of_the_moment:
            OF_THE_MOMENT.add(get_value)
        return make

    return register


def writer(schema: Schema, *, many: bool = False) -> Write:
    """Writes objects as `schema.dump` does, for one answer."""
    if not _is_plain(schema):
        return lambda obj: schema.dump(obj, many=many)
    write = _writer_of_one(schema)
    return (lambda every: [write(one) for one in every]) if many else write


def is_lasting(schema: Schema) -> bool:
    """Whether what `writer` makes of *schema* holds for every answer in the same language."""
    return _is_lasting(schema, set())


def _is_lasting(schema: Schema, seen: set[type[Schema]]) -> bool:
    seen.add(type(schema))
    for field in schema.dump_fields.values():
        inner: Any = field.inner if isinstance(field, fields.List) else field
        if not OF_THE_MOMENT.isdisjoint((type(field).get_value, type(inner).get_value)):
            return False
        if isinstance(inner, fields.Nested):
            below = inner.schema
            if type(below) not in seen and not _is_lasting(below, seen):
                return False
    return True


def _is_plain(schema: Schema) -> bool:
    """Whether nothing is done but to write one field after the other."""
    kind = type(schema)
    return (
        kind.dump is Schema.dump
        and kind._serialize is Schema._serialize
        and kind.get_attribute is Schema.get_attribute
        and kind.dict_class is dict
        and not schema._hooks[PRE_DUMP]
        and not schema._hooks[POST_DUMP]
    )


def _writer_of_one(schema: Schema) -> Write:
    # Of each field its key, the attribute that it shows (None: it reads the object by itself),
    # what stands for one that is missing, the types of values that are written as they are, and
    # how others are written.
    steps = [
        (name if field.data_key is None else field.data_key, *_step(schema, name, field))
        for name, field in schema.dump_fields.items()
    ]

    def write(obj: Any) -> dict[str, Any]:
        # What a row has loaded is what its attributes would give, after more ado.
        if type(obj) is dict:
            loaded, get = obj, getattr
        else:
            loaded, get = vars(obj) if isinstance(obj, Base) else {}, _getter(obj)
        known = loaded.get
        answer = {}
        for key, attribute, default, types, put in steps:
            if attribute is None:
                value = put(obj)
                if value is not missing:
                    answer[key] = value
                continue
            value = known(attribute, missing)
            if value is missing:
                value = get(obj, attribute, missing)
            if value is missing:
                value = default() if callable(default) else default
                if value is missing:
                    continue
            answer[key] = value if type(value) in types else put(value)
        return answer

    return write


def value_of(obj: Any, name: str) -> Any:
    """What *obj* holds under *name*, as an item or as an attribute; `missing` for nothing."""
    return _getter(obj)(obj, name, missing)


def _getter(obj: Any) -> Callable[..., Any]:
    return _item if hasattr(obj, "__getitem__") else getattr


def _item(obj: Any, key: str, default: Any) -> Any:
    try:
        return obj[key]
    except (KeyError, IndexError, TypeError, AttributeError):
        return getattr(obj, key, default)


def _step(schema: Schema, name: str, field: Any) -> tuple[str | None, Any, Collection[type], Write]:
    kind = type(field)
    if not (_is_known(field) and kind.serialize is fields.Field.serialize):
        access = schema.get_attribute
        return None, missing, (), lambda obj: field.serialize(name, obj, accessor=access)
    put, default = WRITERS[kind._serialize](field), field.dump_default
    attribute = name if field.attribute is None else field.attribute
    if kind.get_value is fields.Field.get_value and "." not in attribute:
        return attribute, default, _as_they_are(field), put
    make = READERS.get(kind.get_value)
    read = make(field) if make else None

    def read_and_put(obj: Any) -> Any:
        if read is not None:
            value = read(obj)
        else:
            value = field.get_value(obj, name, accessor=schema.get_attribute)
        if value is missing:
            value = default() if callable(default) else default
        return value if value is missing else put(value)

    return None, missing, (), read_and_put


def _as_they_are(field: Any) -> Collection[type]:
    """The types of values that the writer of *field* would leave as they are."""
    serialize = type(field)._serialize
    if serialize is fields.String._serialize:
        return (str, type(None))
    if serialize is fields.Number._serialize and _is_usual(field):
        return (field.num_type,)
    return ()


def _is_known(field: Any) -> bool:
    if isinstance(field, fields.List) and not _is_known(field.inner):
        return False
    return field._CHECK_ATTRIBUTE and type(field)._serialize in WRITERS


@writes(fields.Field._serialize)
def _as_it_is(_: fields.Field[Any]) -> Write:
    return lambda value: value


@writes(fields.String._serialize)
def _text(_: fields.String) -> Write:
    def put(value: Any) -> Any:
        return value if value is None or type(value) is str else ensure_text_type(value)

    return put


@writes(fields.UUID._serialize)
def _id(_: fields.UUID) -> Write:
    return lambda value: None if value is None else str(value)


def _is_usual(field: fields.Number[Any]) -> bool:
    return type(field)._format_num is fields.Number._format_num and not field.as_string


@writes(fields.Number._serialize)
def _number(field: fields.Number[Any]) -> Write:
    plain = field.num_type if _is_usual(field) else None
    return lambda value: value if type(value) is plain else field._serialize(value, None, None)


@writes(fields.List._serialize)
def _list(field: fields.List) -> Write:
    inner: Any = field.inner
    put = WRITERS[type(inner)._serialize](inner)
    return lambda values: None if values is None else [put(value) for value in values]


@writes(fields.Nested._serialize)
def _nested(field: fields.Nested) -> Write:
    put: Write | None = None

    def put_nested(value: Any) -> Any:
        nonlocal put
        if value is None:
            return None
        if put is None:  # a schema may nest itself: bind as deep as the values are
            schema = field.schema
            put = writer(schema, many=bool(schema.many or field.many))
        return put(value)

    return put_nested
