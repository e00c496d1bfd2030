"""What several of the Chinese rules are made of."""

# A deadline names its day: 周五前 is by Friday.
BY = r"(?:之前|以前|前后|左右|前(?![台往面端期]))?"
HAN_NUMBER = r"[〇零一二两三四五六七八九十廿卅]"


def steps(word: str) -> int:
    """下下周 is two ahead, and so is 再下周; 上月 one back, 本周 this one."""
    return word.count("下") + word.count("再") - word.count("上") + (word == "次")
