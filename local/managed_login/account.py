"""The pages for an account of one's own: signing up, the mailed codes, a forgotten password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.exceptions import JsonRESTError

from local.cognito import users
from local.cognito.pools import signs_in_by_address
from local.managed_login.pages import login_page, may_sign_up, password_policy
from local.managed_login.render import page, redirect
from local.managed_login.request import AuthorizationRequest, BadRequest, read

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response


def sign_up(request: Request) -> Response:
    wish = read(request.args)
    if not may_sign_up(wish.pool):
        raise BadRequest("Accounts of this user pool are made by an administrator.")
    if request.method != "POST":
        return _sign_up_page(request, wish)
    email = request.form.get("email", "").strip()
    name = email if signs_in_by_address(wish.pool) else request.form.get("username", "")
    attributes = {"email": email, **_further(request)}
    listed = [{"Name": key, "Value": value} for key, value in attributes.items()]
    password = request.form.get("password", "")
    try:
        given = users.Application(name, password, listed)
        user, _ = users.sign_up(wish.pool, wish.client, given)
    except JsonRESTError as problem:
        return _sign_up_page(request, wish, 400, problem=problem.message)
    if user.status == "CONFIRMED":
        return login_page(request, wish, username=name, notice="Your account is ready.")
    return page("confirm", request, wish, username=name)


def _further(request: Request) -> dict[str, str]:
    prefix = "attribute."
    return {
        name.removeprefix(prefix): value
        for name, value in request.form.items()
        if name.startswith(prefix) and value
    }


def _sign_up_page(
    request: Request, wish: AuthorizationRequest, status: int = 200, problem: str | None = None
) -> Response:
    required = [
        (attribute.name, attribute.name.replace("_", " ").capitalize())
        for attribute in wish.pool.schema_attributes.values()
        if attribute.required and attribute.name not in {"sub", "email"}
    ]
    return page(
        "signup",
        request,
        wish,
        status,
        by_address=signs_in_by_address(wish.pool),
        further=required,
        given=_further(request),
        email=request.form.get("email", wish.login_hint),
        username=request.form.get("username", ""),
        policy=password_policy(wish.pool),
        problem=problem,
    )


def confirm(request: Request) -> Response:
    wish = read(request.args)
    name = request.form.get("username", "")
    if request.method != "POST":
        return page("confirm", request, wish, username=request.args.get("username", ""))
    try:
        if request.form.get("action") == "resend":
            users.resend_confirmation(wish.pool, wish.client, name)
            return page("confirm", request, wish, username=name, notice="A new code is on its way.")
        code = request.form.get("code", "")
        users.confirm_sign_up(wish.pool, wish.client, name, code)
    except JsonRESTError as problem:
        return page("confirm", request, wish, 400, username=name, problem=problem.message)
    return login_page(request, wish, username=name, notice="Your account is confirmed.")


def forgot_password(request: Request) -> Response:
    wish = read(request.args)
    if request.method != "POST":
        return page("forgot", request, wish, username=wish.login_hint)
    name = request.form.get("username", "")
    try:
        users.forgot_password(wish.pool, wish.client, name)
    except JsonRESTError as problem:
        return page("forgot", request, wish, 400, username=name, problem=problem.message)
    notice = "If that account exists, a code is on its way by e-mail."
    return page(
        "reset", request, wish, username=name, notice=notice, policy=password_policy(wish.pool)
    )


def confirm_forgot_password(request: Request) -> Response:
    wish = read(request.args)
    if request.method != "POST":
        return redirect(f"/forgotPassword?{wish.query}")
    name, code = request.form.get("username", ""), request.form.get("code", "")
    password = request.form.get("password", "")
    try:
        users.confirm_forgot_password(wish.pool, wish.client, name, password, code)
    except JsonRESTError as problem:
        return page(
            "reset",
            request,
            wish,
            400,
            username=name,
            problem=problem.message,
            policy=password_policy(wish.pool),
        )
    return login_page(request, wish, username=name, notice="Your password is changed.")
