import pytest

from components.dialect import in_standard

SAID = {
    "bựa ni ra biển chỗ mô rứa": "hôm nay ra biển chỗ nào thế",
    "nỏ biết mần răng hè": "không biết làm sao nhỉ",
    "khi mô nác rút": "khi nào nước rút",
    "tui bị đau răng": "tôi bị đau răng",
    "khám răng ở đâu": "khám răng ở đâu",
    "mùa hè đi đâu chơi": "mùa hè đi đâu chơi",
    "mua cái túi ở chợ": "mua cái túi ở chợ",
}


@pytest.mark.parametrize(("said", "meant"), SAID.items())
def test_the_dialect_is_read_in_the_standard_language(said: str, meant: str):
    assert " ".join(in_standard(said.split())) == meant
