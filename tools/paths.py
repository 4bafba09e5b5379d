"""Where things are in the repository: the one place that spells these paths for the commands."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
REQUIREMENTS = ROOT / "requirements"
APP = ROOT / "app"

LAMBDA_ZIP = BUILD / "lambda.zip"
LOCAL_ZIP = BUILD / "local" / "lambda.zip"
LAMBDA_RUNTIME = BUILD / "lambda-runtime"
OPENAPI = BUILD / "openapi.json"
GATEWAY = BUILD / "gateway.json"
FACTS = BUILD / "local.json"
