"""Accounts of the review app: who may sign in, and as what."""

from typing import Final, Literal, get_args

Role = Literal["moderateur", "responsable", "lecture"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
