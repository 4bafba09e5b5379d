import stat
import zipfile

from tools.archive import write_zip


def test_the_order_in_which_members_come_does_not_change_the_zip(tmp_path):
    first = write_zip({"a.py": b"1", "b/c.py": b"2"}, tmp_path / "first.zip")
    second = write_zip({"b/c.py": b"2", "a.py": b"1"}, tmp_path / "second.zip")
    assert first == second
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_one_changed_byte_changes_the_hash(tmp_path):
    path = tmp_path / "some.zip"
    assert write_zip({"a.py": b"1"}, path) != write_zip({"a.py": b"2"}, path)


def test_members_can_be_read_by_everybody_and_have_a_fixed_time(tmp_path):
    path = tmp_path / "some.zip"
    write_zip({"a.py": b"1"}, path)
    with zipfile.ZipFile(path) as archive:
        (entry,) = archive.infolist()
    assert stat.S_IMODE(entry.external_attr >> 16) == 0o644
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_nothing_is_left_beside_the_zip(tmp_path):
    write_zip({"a.py": b"1"}, tmp_path / "some.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["some.zip"]
