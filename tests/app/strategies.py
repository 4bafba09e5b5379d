"""What hypothesis draws from. Identities come from few values, so that they often coincide."""

from __future__ import annotations

from hypothesis import strategies as st

from app.domain.access import DownloadFacts
from app.domain.files import FileState
from app.domain.people import Person, UserState
from app.domain.sharing import Proposal, SharingFacts, Terms
from tests.app.samples import A_DAY, NOW, a_file, a_share

subs = st.sampled_from(["ada-sub", "bob-sub", "eve-sub"])
addresses = st.sampled_from(["ada@example.com", "bob@example.com", "o'brien@example.com"])
mostly = st.sampled_from([True, True, True, False])
instants = st.integers(NOW - 2, NOW + 2)
some_text = st.text(min_size=1, max_size=12)

people = st.builds(
    Person,
    sub=subs,
    email=addresses,
    email_verified=mostly,
    enabled=mostly,
    token_issued_at=instants,
)
states = st.builds(UserState, enabled=mostly, not_before=st.just(0) | instants)
files = st.builds(
    a_file,
    owner=subs,
    state=st.sampled_from([*FileState, FileState.READY, FileState.READY]),
    version=st.none() | st.sampled_from(["version-1", "version-2"]),
)
shares = st.builds(
    a_share,
    limit=st.none() | st.integers(1, 3),
    expires_at=instants,
    recipient=addresses,
    used=st.integers(0, 4),
    revoked_at=st.none() | st.just("2030-01-31T11:00:00.000Z"),
    bound_to=st.none() | subs,
    version=st.sampled_from(["version-1", "version-2"]),
)
download_facts = st.builds(
    DownloadFacts, state=states, file=st.none() | files, share=st.none() | shares
)
sharing_facts = st.builds(
    SharingFacts,
    state=states,
    file=st.none() | files,
    existing=st.just([]) | st.lists(shares, max_size=3).map(tuple),
)
proposals = st.builds(
    Proposal,
    recipients=st.lists(addresses, min_size=1, max_size=3, unique=True).map(tuple),
    terms=st.builds(
        Terms,
        expires_at=st.just(NOW + 1) | instants | st.integers(NOW + 364 * A_DAY, NOW + 366 * A_DAY),
        download_limit=st.none() | st.integers(1, 12),
    ),
)
