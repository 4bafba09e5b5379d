"""The pages of managed login: signing in, signing up, codes, and the factors a pool asks for.

https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError

from local.cognito import mfa as cognito_mfa
from local.cognito import sign_in
from local.cognito.pools import Pool, User, find_client, signs_in_by_address
from local.cognito.sign_in import Challenge, Session
from local.managed_login import cookies
from local.managed_login.codes import codes
from local.managed_login.render import page, redirect
from local.managed_login.request import (
    AuthorizationRequest,
    BadRequest,
    RefusedRequest,
    read,
    with_query,
)

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response

_PAGE_OF: dict[Challenge, str] = {
    "NEW_PASSWORD_REQUIRED": "/newPassword",
    "SOFTWARE_TOKEN_MFA": "/mfa",
    "MFA_SETUP": "/setupMfa",
}


def authorize(request: Request) -> Response:
    """The authorization endpoint: straight back for a browser that is signed in, else to /login."""
    wish = read(request.args)
    signed_in = cookies.sessions.find(request, wish.pool)
    if signed_in is not None and wish.prompt != "login":
        challenge = sign_in.next_challenge(wish.pool, signed_in.user)
        # The session stands for the factors already shown; enrolment or a new password do not.
        if challenge in {None, "SOFTWARE_TOKEN_MFA"}:
            return _back_to_application(wish, signed_in.user, signed_in.auth_time)
    if wish.prompt == "none":
        raise RefusedRequest(wish.redirect_uri, wish.state, "login_required", "no session")
    return redirect(f"/login?{wish.query}")


def login(request: Request) -> Response:
    wish = read(request.args)
    if request.method != "POST":
        return login_page(request, wish, username=wish.login_hint)
    name, password = request.form.get("username", ""), request.form.get("password", "")
    try:
        user = sign_in.check_password(wish.pool, wish.client, name, password)
    except JsonRESTError as problem:
        return _login_refused(request, wish, name, problem)
    return _next(wish, user)


def _login_refused(
    request: Request, wish: AuthorizationRequest, name: str, problem: Any
) -> Response:
    if problem.error_type == "UserNotConfirmedException":
        return page("confirm", request, wish, username=name)
    if problem.error_type == "PasswordResetRequiredException":
        return page("reset", request, wish, username=name, policy=password_policy(wish.pool))
    return login_page(request, wish, 400, username=name, problem=problem.message)


def login_page(
    request: Request, wish: AuthorizationRequest, status: int = 200, **values: Any
) -> Response:
    return page(
        "login",
        request,
        wish,
        status,
        by_address=signs_in_by_address(wish.pool),
        may_sign_up=may_sign_up(wish.pool),
        **values,
    )


def may_sign_up(pool: Pool) -> bool:
    settings = pool.extended_config.get("AdminCreateUserConfig") or {}
    return not settings.get("AllowAdminCreateUserOnly")


def _next(wish: AuthorizationRequest, user: User) -> Response:
    """On to the challenge that follows, or back to the application."""
    challenge = sign_in.next_challenge(wish.pool, user)
    if challenge is None:
        return _signed_in(wish, user)
    response = redirect(f"{_PAGE_OF[challenge]}?{wish.query}")
    session = Session(wish.pool, wish.client, user, challenge)
    cookies.keep_step(response, sign_in.open_session(session))
    return response


def _signed_in(wish: AuthorizationRequest, user: User) -> Response:
    response = redirect("/")
    session = cookies.sessions.start(response, wish.pool, user)
    back = _back_to_application(wish, user, session.auth_time)
    response.headers["Location"] = back.headers["Location"]
    cookies.end_step(response)
    return response


def _back_to_application(wish: AuthorizationRequest, user: User, auth_time: int) -> Response:
    code = codes.issue(wish, user, auth_time)
    return redirect(with_query(wish.redirect_uri, {"code": code, "state": wish.state}))


def new_password(request: Request) -> Response:
    wish = read(request.args)
    session = _step(request, wish, "NEW_PASSWORD_REQUIRED")
    if request.method != "POST":
        return page("new_password", request, wish, policy=password_policy(wish.pool))
    try:
        sign_in.set_first_password(session, request.form.get("password", ""))
    except JsonRESTError as problem:
        return page(
            "new_password",
            request,
            wish,
            400,
            policy=password_policy(wish.pool),
            problem=problem.message,
        )
    _close(request, session)
    return _next(wish, session.user)


def mfa(request: Request) -> Response:
    wish = read(request.args)
    session = _step(request, wish, "SOFTWARE_TOKEN_MFA")
    if request.method != "POST":
        return page("mfa", request, wish)
    try:
        sign_in.check_code(session, request.form.get("code", ""))
    except JsonRESTError as problem:
        return page("mfa", request, wish, 400, problem=problem.message)
    _close(request, session)
    return _signed_in(wish, session.user)


def set_up_mfa(request: Request) -> Response:
    wish = read(request.args)
    session = _step(request, wish, "MFA_SETUP")
    if request.method != "POST":
        return _enrol_page(request, wish, session.user, cognito_mfa.begin(session.user))
    secret = cognito_mfa.pending(session.user)
    try:
        cognito_mfa.finish(session.user, request.form.get("code", ""))
    except JsonRESTError as problem:
        message = f"{problem.message}. Enter the code the app shows now."
        return _enrol_page(request, wish, session.user, secret, 400, problem=message)
    session.user.software_token_mfa_enabled = True
    _close(request, session)
    return _signed_in(wish, session.user)


def _enrol_page(
    request: Request,
    wish: AuthorizationRequest,
    user: User,
    secret: str,
    status: int = 200,
    **values: Any,
) -> Response:
    uri = cognito_mfa.enrolment_uri(wish.pool, user, secret)
    return page("enrol", request, wish, status, secret=secret, uri=uri, **values)


def _step(request: Request, wish: AuthorizationRequest, challenge: Challenge) -> Session:
    try:
        return sign_in.expect_session(cookies.step(request), wish.client.id, challenge)
    except JsonRESTError:
        raise BadRequest("This step has taken too long, or was done already.") from None


def _close(request: Request, session: Session) -> None:
    sign_in.close_session(cookies.step(request), session.client.id, session.challenge)


def password_policy(pool: Pool) -> str:
    policy = (pool.extended_config.get("Policies") or {}).get("PasswordPolicy") or {}
    kinds = {
        "RequireUppercase": "an upper-case letter",
        "RequireLowercase": "a lower-case letter",
        "RequireNumbers": "a digit",
        "RequireSymbols": "a symbol",
    }
    wanted = [text for name, text in kinds.items() if policy.get(name, True)]
    length = f"At least {policy.get('MinimumLength', 8)} characters"
    return ", ".join([length, *wanted]) + "."


def logout(request: Request) -> Response:
    """End the browser's session; back to a registered sign-out address, or to a fresh sign-in.

    https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
    """
    target = request.args.get("logout_uri")
    if target is None:
        wish = read(request.args)
        response = redirect(f"/login?{wish.query}")
    else:
        response = redirect(_registered_exit(request.args.get("client_id"), target))
    cookies.sessions.end(request, response)
    return response


def _registered_exit(client_id: str | None, target: str) -> str:
    try:
        _, client = find_client(client_id)
    except JsonRESTError:
        raise BadRequest("The client_id is not known.") from None
    if target not in (client.extended_config.get("LogoutURLs") or []):
        raise BadRequest("The logout_uri is not one this application has registered.")
    return target
