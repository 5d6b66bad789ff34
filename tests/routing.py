"""Routing tables made in a tenth of the time: otherwise an app for each test compiles each rule."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_PARSED = ("_parts", "_trace", "_converters", "arguments")
"""What compiling a rule finds in its text; the apps of tests differ in nothing it depends on."""


def compile_rules_once() -> None:
    """Let werkzeug parse a rule once for all apps, and compile its builder only when used."""
    parse_now, build_now = Rule.compile, Rule._compile_builder
    parsed: dict[tuple[Any, ...], dict[str, Any]] = {}

    def parse_once(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.merge_slashes, frozenset(rule.arguments))
        known = parsed.get(key)
        if known is None:
            parse_now(rule)
            parsed[key] = {name: getattr(rule, name) for name in _PARSED}
            return
        vars(rule).update(known)
        rule._build = rule._compile_builder(False).__get__(rule, None)
        rule._build_unknown = rule._compile_builder(True).__get__(rule, None)

    def compile_later(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        compiled = functools.cache(lambda: build_now(rule, append_unknown))

        def build(rule: Rule, **values: Any) -> Any:
            return compiled()(rule, **values)

        return build

    Rule.compile = parse_once  # type: ignore[method-assign]
    Rule._compile_builder = compile_later  # type: ignore[method-assign]
