"""What a store knows of the people who work on it."""

from data.store import accounts, logins, passwords
from data.store.accounts import Account, Role
from data.store.logins import Refusal
from data.store.session import Session


class People(Session):
    """Accounts, and the sessions of those who signed in."""

    def accounts(self) -> list[Account]:
        """Every account, by name, disabled ones too."""
        return self._read(accounts.accounts)

    def has_accounts(self) -> bool:
        """Whether anyone must sign in; true also when every account is disabled."""
        return self._read(accounts.any_account)

    def add_account(
        self, name: str, role: Role, password: str | None = None, *, email: str | None = None
    ) -> None:
        """Make an account; raises InputError or StoreError when it cannot be made."""
        hashed = None if password is None else passwords.hashed(password, name=name.strip())
        self._write(accounts.add, name, role, hashed, email)

    def set_role(self, name: str, role: Role) -> None:
        """Change what an account may do; open sessions follow within seconds."""
        self._write(accounts.set_role, name, role)

    def set_email(self, name: str, email: str | None) -> None:
        """Say by which address the organisation's provider knows an account."""
        self._write(accounts.set_email, name, email)

    def set_password(self, name: str, password: str) -> None:
        """Change a password, end the account's sessions, and forget wrong attempts."""
        hashed = passwords.hashed(password, name=name.strip())
        with self._writing() as connection:
            accounts.set_hash(connection, name, hashed)
            logins.forgive(connection, name)

    def disable_account(self, name: str) -> None:
        """Refuse an account and end its sessions."""
        self._write(accounts.disable, name)

    def enable_account(self, name: str) -> None:
        """Let a disabled account sign in again."""
        self._write(accounts.enable, name)

    def account_of(self, email: str) -> Account | None:
        """Account of an address that an identity provider vouches for."""
        return self._read(accounts.by_email, email)

    def sign_in(self, name: str, password: str) -> Account | Refusal:
        """Compare a password; the account it opens, or why it opens none."""
        kept = self._write(logins.attempt, name)
        if isinstance(kept, Refusal):
            return kept
        if not passwords.matches(kept, password) or kept is None:
            return Refusal("wrong")
        return self._write(logins.accept, name, password, kept)

    def start_session(self, name: str) -> str:
        """Begin a session of someone who signed in; gives its secret key."""
        return self._write(logins.start, name)

    def session(self, key: str) -> Account | None:
        """Whose session it is; ``None`` when it ended, whatever the reason."""
        found = self._read(logins.whose, key)
        if found is None:
            return None
        if found[1]:
            self._write(logins.touch, key)
        return found[0]

    def end_session(self, key: str) -> None:
        """Sign out."""
        self._write(logins.end, key)
