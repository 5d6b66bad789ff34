"""Reading articles, and editors' work on them."""

from __future__ import annotations

from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.articles.publishing import publish, schedule
from backend.articles.schemas import (
    ArticleDraftSchema,
    ArticleQuery,
    ArticleSchema,
    PublishSchema,
    ScheduleArticleSchema,
)
from backend.database import session
from backend.paging import page
from backend.rest import Namespace, page_of
from backend.staff_content import OnFile, add_content, editing, on_file, two_person
from content import publishing
from content.articles import queries
from content.articles.models import Article
from content.articles.rules import check

api = Namespace("articles", path="/articles", description="Announcements, news, guides, pages")
staff = Namespace("staff-articles", path="/staff/articles", description="Editors' work on articles")

ARTICLES = page_of(ArticleSchema)
ARTICLE = ArticleSchema()
DRAFT = ArticleDraftSchema()
QUERY = ArticleQuery()
PUBLISH = PublishSchema()
SCHEDULE = ScheduleArticleSchema()


@api.route("")
class Articles(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(ARTICLES)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List articles: what is pinned first, then what was published last."""
        wanted = {name: args[name] for name in ("kind", "topic", "quarter", "pinned")}
        return page(
            session,
            queries.articles(now=current.now(), **wanted),
            queries.NEWEST_FIRST,
            limit=args["limit"],
            cursor=args["cursor"],
            descending=True,
        )


@api.route("/<key>")
@api.param("key", "An id or a readable address")
class OneArticle(Resource):
    @access.published
    @api.returns(ARTICLE)
    def get(self, key: str) -> Article:
        """Read one article."""
        return publishing.find_visible(session, Article, key, current.now())


@staff.route("/<key>/publish")
@staff.param("key", "An id or a readable address")
class Publishing(Resource):
    @access.staff(Permission.PUBLISH_CONTENT)
    @staff.accepts(PUBLISH)
    @staff.returns(DRAFT)
    def post(self, body: dict[str, Any], key: str) -> OnFile:
        """Publish one; an announcement goes to people's phones, once."""
        article = publishing.find(session, Article, key)
        publish(session, article, editing(), notify=body["notify"], two_person=two_person())
        session.commit()
        return on_file(article)


@staff.route("/<key>/schedule")
@staff.param("key", "An id or a readable address")
class Scheduling(Resource):
    @access.staff(Permission.PUBLISH_CONTENT)
    @staff.accepts(SCHEDULE)
    @staff.returns(DRAFT)
    def post(self, body: dict[str, Any], key: str) -> OnFile:
        """Let one appear at a moment to come; an announcement goes to people's phones then."""
        article = publishing.find(session, Article, key)
        schedule(session, article, editing(), two_person=two_person(), **body)
        session.commit()
        return on_file(article)


add_content(staff, Article, ArticleDraftSchema, check, own_acts=("publish", "schedule"))
